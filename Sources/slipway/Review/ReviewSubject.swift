import ArgumentParser
import Domain

/// What is reviewed: a model's candidate, or a change of who may decide.
enum ReviewSubject: ExpressibleByArgument, Sendable {
    case model(ModelName)
    case policy

    init?(argument: String) {
        if argument == ModelName.policy.text {
            self = .policy
        } else if let model = ModelName(argument) {
            self = .model(model)
        } else {
            return nil
        }
    }

    /// As it stands in the tag's name.
    var name: ModelName {
        switch self {
        case .model(let model): model
        case .policy: .policy
        }
    }
}
