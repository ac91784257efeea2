import Domain

/// What a `models/<model>/model.yaml` may hold.
let modelKeys = KeyTable(
    "One model: its data, its steps, what it must reach, how it is served",
    [
        .init("description", .text, "One line for people"),
        .init("owner", .text, "Who looks after the model"),
        .init(
            "datasets", .map(.name("a dataset"), names: true),
            "What the model calls a dataset, and the dataset's name"),
        .init("folds", .table(foldKeys), "It is measured on data that it is trained on too"),
        .init("parameters", .map(.any, names: false), "Handed to every step as JSON"),
        .init(
            "python", .path,
            "The requirements file, relative to the model's folder; "
                + "requirements.txt where there is one"),
        .init("includes", .list(.path), "Folders and files of the repository that are code too"),
        .init("ignore", .list(.text), "Patterns of files that do not shape the model"),
        .init(
            "steps", .map(.table(stepKeys), names: true),
            "The commands of a run; by default train.py, then evaluate.py"),
        .init(
            "evaluation", .table(evaluationKeys),
            "What is measured: `evaluation: {task: classification}` or regression",
            required: true),
        .init(
            "promotion", .map(.table(ruleKeys), names: false),
            "What each metric must reach before people are asked"),
        .init("review", .table(reviewKeys), "Makes the trusted rule stricter for this model"),
        .init("data", .table(dataUseKeys), "Which classified data it may use, at most"),
        .init("serving", .table(servingKeys), "Where and how the model is served"),
        .init(
            "schedule", .text,
            "When it is trained without a commit: minute hour day month weekday, as in cron"),
        .init("schedule_zone", .text, "The time zone of the schedule: Europe/Berlin; UTC"),
        .init(
            "schedule_catch_up", .choice(ScheduleDeclaration.CatchUp.allCases.map(\.rawValue)),
            "What happens to moments that passed while no daemon ran; latest"),
    ])

private let stepKeys = KeyTable(
    "One command of a run",
    [
        .init("run", .text, "A shell command line, run in the model's folder", required: true),
        .init("needs", .list(.name("a step")), "The steps whose output this one reads"),
        .init("produces", .list(.path), "What must exist in the output folder afterwards"),
        .init("timeout", .duration, "The longest that it may take; 1h"),
        .init("retries", .integer(0...20), "How often a failed attempt is repeated; 0"),
        .init("memory", .size, "The most memory that it may hold; no limit"),
    ])

private let evaluationKeys = KeyTable(
    "What is measured, and from which file",
    [
        .init(
            "task",
            .choice(
                EvaluationDeclaration.Task.allCases.map(\.rawValue),
                later: ["ranking", "forecasting", "clustering", "detection", "generation"]),
            "What the model does", required: true),
        .init("step", .name("a step"), "The step that writes the file; the one that produces it"),
        .init("predictions", .path, "CSV of label and prediction; predictions.csv"),
        .init("metrics", .path, "JSON of metric and number that the step wrote itself"),
        .init("label", .text, "The column that holds the truth; label"),
        .init("prediction", .text, "The column that holds the prediction; prediction"),
        .init("score", .text, "The column of the score, or what the columns of scores begin with"),
        .init("positive", .label, "The positive one of two classes; the greater label"),
        .init("slices", .list(.text), "Columns by which the metrics are broken down"),
        .init("resamples", .integer(0...100_000), "Resamples behind the intervals; 1000"),
        .init("seed", .integer(0...Int.max), "Seed of the resampling; 0"),
    ])

private let ruleKeys = KeyTable(
    "What a metric must reach",
    [
        .init("at_least", anyNumber, "Over all rows"),
        .init("at_most", anyNumber, "Over all rows"),
        .init("each_class_at_least", anyNumber, "The worst class"),
        .init("each_class_at_most", anyNumber, "The worst class"),
        .init("each_slice_at_least", anyNumber, "The worst slice"),
        .init("each_slice_at_most", anyNumber, "The worst slice"),
        .init(
            "not_below_baseline_by", .number(0 ... .greatestFiniteMagnitude),
            "How much lower than the live version's value it may be"),
        .init(
            "not_above_baseline_by", .number(0 ... .greatestFiniteMagnitude),
            "How much higher than the live version's value it may be"),
        .init("confidence", .share, "Compare the interval's bound instead of the value"),
        .init("samples_at_least", .integer(1...Int.max), "Fewer rows are not enough evidence"),
    ])

private let servingKeys = KeyTable(
    "Where and how the model is served",
    [
        .init(
            "environment", .name("an environment"),
            "A file in environments/; by default the only one"),
        .init(
            "runtime",
            .choiceOrTable(
                ["sklearn"], runtimeKeys,
                later: ["mlflow", "onnx", "pytorch", "torch", "tensorflow", "xgboost", "triton"]),
            "What loads the model; sklearn"),
        .init("warmup", .path, "A JSON file beside model.yaml with one predict request"),
        .init("start_timeout", .duration, "How long a runtime may take to start; 1m"),
    ])

private let runtimeKeys = KeyTable(
    "A runtime of one's own",
    [.init("command", .text, "A command under the serving contract", required: true)])
