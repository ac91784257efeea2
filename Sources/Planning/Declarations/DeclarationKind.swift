/// The four kinds of file that people write.
package enum DeclarationKind: String, Sendable, CaseIterable {
    case repository, model, dataset, environment

    /// Where such files stand: `models/<model>/model.yaml`.
    package var pattern: String {
        switch self {
        case .repository: "slipway.yaml"
        case .model: "models/<model>/model.yaml"
        case .dataset: "datasets/<dataset>.yaml"
        case .environment: "environments/<environment>.yaml"
        }
    }

    /// The name of the schema's file: `model.schema.json`.
    package var schemaFile: String { "\(rawValue).schema.json" }

    var keys: KeyTable {
        switch self {
        case .repository: repositoryKeys
        case .model: modelKeys
        case .dataset: datasetKeys
        case .environment: environmentKeys
        }
    }
}
