import Domain

@testable import Evaluation

/// A declaration with short defaults.
func declaration(
    _ task: EvaluationDeclaration.Task = .classification, score: String? = nil,
    positive: String? = nil, slices: [String] = [], resamples: Int = 0, seed: UInt64 = 7
) -> EvaluationDeclaration {
    EvaluationDeclaration(
        task: task, step: StepName(checked: "evaluate"), predictions: "predictions.csv",
        score: score, positive: positive, slices: slices, resamples: resamples, seed: seed)
}

/// Measures a text as the predictions file `p.csv`.
func evaluated(
    _ text: String, _ declaration: EvaluationDeclaration, rules: [PromotionRule] = []
) throws(EvaluationError) -> Evaluated {
    try evaluate(declaration, predictions: Array(text.utf8), fileName: "p.csv", rules: rules)
}

/// A predictions file of these columns.
func predictions(_ rows: [(String, String)]) -> String {
    "label,prediction\n" + rows.map { "\($0.0),\($0.1)\n" }.joined()
}

func rule(
    _ metric: String, _ bound: PromotionRule.Bound, confidence: Double? = nil, samples: Int? = nil
) -> PromotionRule {
    PromotionRule(
        metric: metric, bound: bound, confidence: confidence, samplesAtLeast: samples,
        place: Place(file: "model.yaml", line: 9, column: 3))
}
