package import Domain
package import Forges
import Host

/// One address to which a forge says that something was pushed: `POST /webhooks/<name>`.
///
/// The secret itself stands in no configuration: it is the text of a file, or of a variable of the
/// environment; each line is one that counts, so that they can be changed one after the other.
package struct WebhookConfiguration: Hashable, Codable, Sendable {
    package var name: String
    package var kind: WebhookKind
    package var secretFile: String?
    package var secretEnvironment: String?
    /// Longer bodies are refused; nil: 1 MiB.
    package var bodyBytesMax: Int?

    package init(
        name: String, kind: WebhookKind, secretFile: String? = nil,
        secretEnvironment: String? = nil, bodyBytesMax: Int? = nil
    ) {
        self.name = name
        self.kind = kind
        self.secretFile = secretFile
        self.secretEnvironment = secretEnvironment
        self.bodyBytesMax = bodyBytesMax
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, kind, secretFile, secretEnvironment, bodyBytesMax
    }

    package init(from decoder: any Decoder) throws {
        try requireKnownKeys(CodingKeys.self, decoder)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        kind = try values.choice(of: WebhookKind.allCases, .kind)
        secretFile = try values.decodeIfPresent(String.self, forKey: .secretFile)
        secretEnvironment = try values.decodeIfPresent(String.self, forKey: .secretEnvironment)
        bodyBytesMax = try values.wholeNumberIfPresent(.bodyBytesMax)
    }

    private static let secretBytesMax = 1 << 16

    /// Reads the secrets anew; the failure names their place and never the text.
    package func secrets() throws(Failure) -> [[UInt8]] {
        let secrets = try text().split(whereSeparator: { $0 == 10 || $0 == 13 }).map { Array($0) }
        guard !secrets.isEmpty else { throw missing("is empty") }
        return secrets
    }

    private func text() throws(Failure) -> [UInt8] {
        switch (secretFile, secretEnvironment) {
        case (let file?, nil):
            do throws(HostError) {
                return try readFile(file, limitBytes: Self.secretBytesMax)
            } catch {
                throw missing("cannot be read: \(error.failure.what)")
            }
        case (nil, let variable?):
            guard let text = environmentVariable(variable) else { throw missing("is not set") }
            return Array(text.utf8)
        default:
            throw Failure(
                "the webhook `\(name)` has \(secretFile == nil ? "no secret" : "two secrets")",
                at: "config.json", hint: "give it `secretFile` or `secretEnvironment`")
        }
    }

    private func missing(_ what: String) -> Failure {
        Failure(
            "the secret of the webhook `\(name)` \(what)",
            at: secretFile ?? secretEnvironment.map { "$\($0)" },
            hint: "put the secret there that the forge has")
    }
}

extension DaemonConfiguration {
    /// What is wrong with the webhooks as one problem; nil: nothing is.
    var webhookFailure: Failure? {
        let troubles = webhookTroubles
        guard var failure = troubles.first else { return nil }
        failure.details = troubles.dropFirst().map {
            Diagnostic(at: Place(file: $0.place ?? "config.json"), $0.what, hint: $0.hint)
        }
        return failure
    }

    /// What is wrong with the webhooks; the others work.
    package var webhookTroubles: [Failure] {
        var troubles: [Failure] = []
        var names: Set<String> = []
        for webhook in webhooks {
            if !names.insert(webhook.name).inserted {
                troubles.append(
                    Failure(
                        "two webhooks are called `\(webhook.name)`: the first counts",
                        at: "config.json", hint: "give one another name"))
            }
            // Because the address has to be typed into a forge.
            if ModelName(webhook.name) == nil {
                troubles.append(
                    Failure(
                        "`\(webhook.name)` is no name for a webhook", at: "config.json",
                        hint: "lower-case letters, digits and hyphens"))
            }
            do throws(Failure) {
                _ = try webhook.secrets()
            } catch {
                troubles.append(error)
            }
        }
        return troubles
    }
}
