/// A model whose steps are shell commands, so that a story needs no Python environment.
struct ShellModel {
    var name = "shell"
    var train = "mkdir $SLIPWAY_OUTPUT/model && echo 1 > $SLIPWAY_OUTPUT/model/weights"
    /// Eight rows, of which `right` have the right prediction.
    var right = 8
    var evaluate: String?
    var accuracy = 0.7

    private var predictions: String {
        let rows = (0..<8).map { "\($0 % 2),\($0 < right ? $0 % 2 : 1 - $0 % 2)" }
        return "label,prediction\\n" + rows.joined(separator: "\\n") + "\\n"
    }

    var yaml: String {
        """
        description: A model made by the shell
        owner: tests
        datasets: {train: numbers}
        steps:
          train: {run: '\(train)', produces: [model], timeout: 1m}
          evaluate:
            run: '\(evaluate ?? "printf \"\(predictions)\" > $SLIPWAY_OUTPUT/predictions.csv")'
            needs: [train]
            produces: [predictions.csv]
            timeout: 1m
        evaluation: {task: classification, predictions: predictions.csv}
        promotion:
          accuracy: {at_least: \(accuracy)}
        serving: {environment: production, runtime: {command: "true"}}

        """
    }
}

extension Harbour {
    /// Writes everything that a repository with a shell model needs.
    func shellRepository(_ model: ShellModel = ShellModel()) throws {
        try file("slipway.yaml", "branch: main\n")
        try file(
            "environments/production.yaml",
            "target: local\ngateway: {listen: \"127.0.0.1:0\"}\n")
        try file("data/numbers.csv", "x,y\n1,2\n3,4\n")
        try file(
            "datasets/numbers.yaml",
            """
            files:
              - path: data/numbers.csv
                sha256: 2a2b86e74ffd5e6a9b75e52a105cf9d02920837179f8e8961aa15411d380f7a3
                rows: 2
            format: csv
            columns:
              - {name: x, type: integer}
              - {name: y, type: integer}

            """)
        try file("models/\(model.name)/model.yaml", model.yaml)
    }
}
