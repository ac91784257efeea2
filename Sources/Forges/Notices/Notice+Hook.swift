package import Domain

/// A notice as a signed webhook, in the form of Standard Webhooks 1.0.
package struct SignedHook: Hashable, Sendable {
    /// Names in lower case.
    package var headers: [String: String]
    package var body: [UInt8]
}

extension Notice {
    /// `{"data": {…}, "id": …, "timestamp": …, "type": "gate-failed"}`: the same bytes whenever
    /// the notice is sent.
    package var hookBody: [UInt8] {
        let data = JSONValue.members([
            "model": model?.text, "environment": environment?.text, "title": title, "text": text,
            "link": link,
        ])
        return JSONValue.object([
            "id": .string(id), "type": .string(event.rawValue),
            "timestamp": .string(at.description), "data": data,
        ]).jsonBytes
    }

    /// Returns the webhook as it is sent at this moment, signed with each of the keys, so that the
    /// receiver can change keys one after the other. The id stays the same for every attempt.
    package func hook(keys: [SigningKey], at now: Instant) -> SignedHook {
        let body = hookBody
        var headers = [
            "content-type": "application/json", "user-agent": "slipway", "webhook-id": id,
            "webhook-timestamp": "\(now.seconds)",
        ]
        if !keys.isEmpty {
            headers["webhook-signature"] =
                keys.map { $0.signature(id: id, timestamp: now.seconds, body: body) }
                .joined(separator: " ")
        }
        return SignedHook(headers: headers, body: body)
    }
}
