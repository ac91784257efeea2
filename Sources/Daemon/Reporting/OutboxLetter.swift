import Domain
import Forges
import FoundationEssentials
import Journal
import Provenance

/// What a row of the outbox holds: everything that is sent, fixed when it happened.
struct OutboxLetter: Codable, Sendable {
    var notice: Notice
    /// Mail only: the same on every attempt, whatever the settings become.
    var messageID: String?

    init(_ notice: Notice, to channel: ChannelSettings) {
        self.notice = notice
        guard channel.kind == .mail, let from = channel.from else { return }
        let host = from.split(separator: "@").last?.prefix { $0 != ">" } ?? "slipway.invalid"
        messageID = "\(notice.id).\(channel.name)@\(host)"
    }

    /// Reads a row's body.
    init(body: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(body.utf8))
    }

    /// The row's body.
    var body: String { String(decoding: canonicalJSON(self), as: UTF8.self) }
}

extension DaemonConfiguration {
    /// Makes of a decision what each channel is told: the same every time, from nothing but the
    /// decision and the configuration.
    var outbox: OutboxMaker {
        guard let channels, !channels.isEmpty else { return { _ in [] } }
        return { record in
            let link = record.model == .policy ? nil : self.link(record.model)
            return notices(from: record, source: noticeSource, link: link)
                .flatMap { self.drafts(of: $0) }
        }
    }

    /// The rows of a notice: one for each channel that wants it.
    func drafts(of notice: Notice) -> [OutboxDraft] {
        (channels ?? []).filter { $0.filter.wants(notice) }.map { channel in
            OutboxDraft(
                event: notice.id, channel: channel.name,
                body: OutboxLetter(notice, to: channel).body)
        }
    }
}
