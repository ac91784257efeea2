import Domain
import Forges
import Transfer

/// A channel whose settings were checked.
struct Channel: Sendable {
    enum Target: Sendable {
        case slack(SecretPlace)
        case webhook(SecretPlace, keys: SecretPlace)
        case mail(MailTarget)
    }

    struct MailTarget: Sendable {
        var host: String
        var port: Int
        var security: MailServer.Security
        var from: MailAddress
        var to: [MailAddress]
        var user: String?
        var password: SecretPlace?
    }

    var name: String
    var target: Target
    var authoritiesFile: String?
}

/// What is told to whom, checked: all that reporting needs of the configuration.
struct Reporting: Sendable {
    /// A forge whose settings were checked.
    struct Target: Sendable {
        var forge: Forge
        var token: SecretPlace
        var authoritiesFile: String?
        var hasComments: Bool
    }

    var instance: InstanceName
    var publicURL: String?
    var forge: Target?
    var channels: [Channel]

    static let usualInstance = InstanceName(checked: "main")
}

extension DaemonConfiguration {
    /// What a person finds behind a notice; nil: the daemon is reached from nowhere.
    func link(_ model: ModelName) -> String? {
        publicURL.map { "\($0.hasSuffix("/") ? String($0.dropLast()) : $0)" }
            .map { "\($0)/api/v1/models/\(model)/report" }
    }

    /// Where notices come from.
    var noticeSource: NoticeSource {
        NoticeSource(instance: instance ?? Reporting.usualInstance, repository: repository)
    }
}
