import Daemon
import Domain
import Provenance

/// A model whose steps are shell commands.
struct ShellModel {
    var name = "m"
    /// How many of eight predictions are right.
    var right = 8
    var promotion = "{accuracy: {at_least: 0.7}}"
    var startTimeout = "1m"
    /// Something that each step does first; it may write outside, to be counted.
    var before = "true"
    /// The content of the test data; nil: the model has none.
    var data: String?
    /// The digest that the manifest claims; nil: the right one.
    var claimed: String?

    var files: [String: String] {
        var files = [
            "slipway.yaml": "branch: main\n",
            "environments/production.yaml": "target: local\n",
            "models/\(name)/model.yaml": yaml,
        ]
        if let data {
            files["data/test.csv"] = data
            files["datasets/test.yaml"] = """
                files:
                  - {path: data/test.csv, sha256: \(claimed ?? sha256(Array(data.utf8)).hex)}
                format: csv
                columns:
                  - {name: x, type: integer, required: true}

                """
        }
        return files
    }

    private var yaml: String {
        let rows = (0..<8).map { "\($0 % 2),\($0 < right ? $0 % 2 : 1 - $0 % 2)" }
        let predictions = "label,prediction\\n" + rows.joined(separator: "\\n") + "\\n"
        return """
            description: Made by the shell
            \(data == nil ? "" : "datasets: {test: test}")
            parameters: {right: \(right)}
            steps:
              train:
                run: '\(before) && mkdir -p $SLIPWAY_OUTPUT/model &&
                  printf "\(predictions)" > $SLIPWAY_OUTPUT/model/w'
                produces: [model]
              evaluate:
                run: '\(before) && cp $SLIPWAY_INPUT_TRAIN/model/w $SLIPWAY_OUTPUT/predictions.csv'
                needs: [train]
                produces: [predictions.csv]
            evaluation: {task: classification, predictions: predictions.csv}
            promotion: \(promotion)
            serving:
              environment: production
              runtime: {command: "true"}
              start_timeout: \(startTimeout)

            """
    }
}

/// The files of a repository with one model.
func shellModel(_ name: String = "m", right: Int = 8) -> [String: String] {
    ShellModel(name: name, right: right).files
}
