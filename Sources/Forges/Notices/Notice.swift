import Crypto
package import Domain

/// What people can ask to be told about.
package enum NoticeEvent: String, Hashable, Codable, Sendable, CaseIterable {
    case runFailed = "run-failed"
    case gateFailed = "gate-failed"
    case waitingForReview = "waiting-for-review"
    case approved, rejected, released
    /// An environment is to serve a version that was approved for it.
    case deployed
    /// An earlier version is assigned again.
    case rolledBack = "rolled-back"
    case held
    /// The model was removed and is served no longer.
    case removed
    case dataBroken = "data-broken"
    /// Something needs a person, in a model or outside any.
    case problem
    case policyChanged = "policy-changed"
}

/// Where notices come from: part of their identity.
package struct NoticeSource: Hashable, Codable, Sendable {
    package var instance: InstanceName
    /// What the repository is called, so that two under one daemon keep apart.
    package var repository: String

    package init(instance: InstanceName, repository: String) {
        self.instance = instance
        self.repository = repository
    }
}

/// One thing that people are told, once per channel.
package struct Notice: Hashable, Codable, Sendable {
    /// The idempotency key: `msg_` and 32 hex digits, the same whenever the same event is told of.
    package let id: String
    package var event: NoticeEvent
    /// nil: it is about no single model.
    package var model: ModelName?
    package var environment: EnvironmentName?
    /// One line.
    package var title: String
    /// Some lines of plain text.
    package var text: String
    /// Where to read more; nil: nowhere.
    package var link: String?
    /// When it happened, which may be long before it is sent.
    package var at: Instant

    /// `key` tells events of one kind and source apart; the same key is the same event.
    package init(
        _ event: NoticeEvent, key: String, from source: NoticeSource, model: ModelName? = nil,
        environment: EnvironmentName? = nil, title: String, text: String, link: String? = nil,
        at: Instant
    ) {
        id = Self.id(event, key, source)
        self.event = event
        self.model = model
        self.environment = environment
        self.title = oneLine(title, max: 200)
        self.text = shortened(readable(text), max: 10_000)
        self.link = webAddress(link)
        self.at = at
    }

    /// Each part stands with its length, so that no two lists of parts read the same.
    private static func id(_ event: NoticeEvent, _ key: String, _ source: NoticeSource) -> String {
        let parts = [source.instance.text, source.repository, event.rawValue, key]
        let text = "slipway notice 1\n" + parts.map { "\($0.utf8.count):\($0)\n" }.joined()
        let digest = Domain.Digest(bytes: Array(SHA256.hash(data: Array(text.utf8))))
        return "msg_" + digest.hex.prefix(32)
    }

    /// Reads what was written; `policy`, which no model may be called, is the name under which
    /// policy is decided.
    package init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        id = try object.decode(String.self, forKey: .id)
        event = try object.decode(NoticeEvent.self, forKey: .event)
        let name = try object.decodeIfPresent(String.self, forKey: .model)
        model =
            name == ModelName.policy.text
            ? .policy : try object.decodeIfPresent(ModelName.self, forKey: .model)
        environment = try object.decodeIfPresent(EnvironmentName.self, forKey: .environment)
        title = try object.decode(String.self, forKey: .title)
        text = try object.decode(String.self, forKey: .text)
        link = try object.decodeIfPresent(String.self, forKey: .link)
        at = try object.decode(Instant.self, forKey: .at)
    }

    /// A failure outside any decision. `key` is what it is about, and when it began.
    package static func problem(
        _ failure: Failure, key: String, from source: NoticeSource, model: ModelName? = nil,
        link: String? = nil, at: Instant
    ) -> Notice {
        Notice(
            .problem, key: key, from: source, model: model,
            title: [model?.text, failure.what].compactMap(\.self).joined(separator: ": "),
            text: failure.noticeText, link: link, at: at)
    }

    /// The rules by which approvals count have changed to the policy of this digest.
    package static func policyChanged(
        to policy: Domain.Digest, by words: String, from source: NoticeSource,
        link: String? = nil, at: Instant
    ) -> Notice {
        Notice(
            .policyChanged, key: "\(policy.hex) \(at.milliseconds)", from: source,
            title: "the trusted policy is now \(policy.short)", text: words, link: link, at: at)
    }
}

extension Failure {
    /// Fact, place, up to five findings and hint.
    var noticeText: String {
        var lines = [what]
        if let place { lines.append("where: \(place)") }
        lines += details.prefix(5).map { "  \($0.place): \($0.message)" }
        if details.count > 5 { lines.append("  and \(details.count - 5) more") }
        if let hint { lines.append("hint: \(hint)") }
        return lines.joined(separator: "\n")
    }
}
