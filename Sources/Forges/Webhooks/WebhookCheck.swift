package import Domain
import FoundationEssentials

/// Returns whether a webhook is authentic, as each forge proves it.
///
/// GitHub, Gitea and Bitbucket send the HMAC-SHA256 of the body in hexadecimal digits; GitLab a
/// plain token, or a signature in the form of Standard Webhooks with a time in it. Any of the
/// secrets may fit, so that they can be changed one after the other. Names in `headers` are in
/// lower case. An empty secret never counts.
package func verifyWebhook(
    kind: WebhookKind, headers: [String: String], body: [UInt8], secrets: [[UInt8]], now: Instant
) -> WebhookVerdict {
    let delivery = WebhookDelivery(
        kind: kind, headers: headers, body: body, secrets: secrets.filter(isUsableKey), now: now)
    do {
        try delivery.prove()
    } catch {
        return .refused(reason: error.reason, status: error.status)
    }
    return delivery.isPing ? .ping : .accepted(delivery.hint)
}

/// One request to the webhooks' address, not yet believed.
struct WebhookDelivery {
    let kind: WebhookKind
    let headers: [String: String]
    let body: [UInt8]
    let secrets: [[UInt8]]
    let now: Instant

    /// How far the clock of a forge may be from ours, by Standard Webhooks.
    static let skewSecondsMax: Int64 = 300
    private static let signaturesMax = 16

    /// Throws the reason and the mend unless one of the secrets proves the body.
    func prove() throws(WebhookRefusal) {
        guard body.count <= webhookBodyBytesMax else {
            throw WebhookRefusal(
                reason: "the body is larger than \(webhookBodyBytesMax) bytes", status: 413)
        }
        guard !secrets.isEmpty else {
            throw WebhookRefusal(
                reason: "no secret is configured for this webhook: set one here and in the forge",
                status: 503)
        }
        switch kind {
        case .github: try proveGitHub()
        case .gitlab: try proveGitLab()
        case .gitea: try proveGitea()
        case .bitbucket: try proveHex("x-hub-signature", prefix: "sha256=")
        case .generic:
            if headers["x-signature"] == nil, headers["webhook-signature"] != nil {
                try proveStandard()
            } else {
                try proveHex("x-signature", prefix: "sha256=")
            }
        }
    }

    private func proveGitHub() throws(WebhookRefusal) {
        if headers["x-hub-signature-256"] == nil, headers["x-hub-signature"] != nil {
            throw WebhookRefusal(
                reason: "only the old SHA-1 signature was sent, which is not accepted: "
                    + "let `X-Hub-Signature-256` through the proxy, or save the webhook's secret "
                    + "in the forge again")
        }
        try proveHex("x-hub-signature-256", prefix: "sha256=")
    }

    private func proveGitea() throws(WebhookRefusal) {
        for header in ["x-forgejo-signature", "x-gitea-signature"] where headers[header] != nil {
            return try proveHex(header, prefix: "")
        }
        guard headers["x-hub-signature-256"] == nil else {
            return try proveHex("x-hub-signature-256", prefix: "sha256=")
        }
        try proveHex("x-gitea-signature", prefix: "")
    }

    /// A signature decides where there is one, unless nobody gave us a signing token.
    private func proveGitLab() throws(WebhookRefusal) {
        let tokens = secrets.filter { !$0.starts(with: SigningKey.prefix) }
        let isSigned = headers["webhook-signature"] != nil
        guard let token = headers["x-gitlab-token"], !isSigned || tokens.count == secrets.count
        else {
            guard isSigned else {
                throw WebhookRefusal(
                    reason: "neither `X-Gitlab-Token` nor `webhook-signature` was sent: "
                        + "set a secret token or a signing token in the webhook's settings")
            }
            return try proveStandard()
        }
        guard isSecret(Array(token.utf8), among: tokens) else {
            throw WebhookRefusal(
                reason: "`X-Gitlab-Token` is none of the configured secrets: "
                    + "set the same secret here and in the webhook's settings")
        }
    }

    private func proveHex(_ header: String, prefix: String) throws(WebhookRefusal) {
        guard let value = headers[header] else {
            throw WebhookRefusal(
                reason: "`\(header)` was not sent: set a secret in the webhook's settings")
        }
        guard value.hasPrefix(prefix), let code = hexBytes(value.utf8.dropFirst(prefix.utf8.count)),
            code.count == 32
        else {
            throw WebhookRefusal(
                reason: "`\(header)` is not `\(prefix)` and 64 hexadecimal digits", status: 400)
        }
        guard isKeyedHash(code, of: body, keys: secrets) else { throw wrongSignature(header) }
    }

    /// Standard Webhooks 1.0: `webhook-signature` is a list of `v1,<base64>` over
    /// `id.timestamp.body`.
    private func proveStandard() throws(WebhookRefusal) {
        guard let id = headers["webhook-id"], let moment = headers["webhook-timestamp"],
            let list = headers["webhook-signature"]
        else {
            throw WebhookRefusal(
                reason: "`webhook-id`, `webhook-timestamp` and `webhook-signature` belong "
                    + "together: let all three through the proxy", status: 400)
        }
        // Because a dot in the id would let one signed text be read in two ways.
        guard !id.isEmpty, !id.utf8.contains(UInt8(ascii: ".")), let seconds = digits(moment) else {
            throw WebhookRefusal(
                reason: "`webhook-id` or `webhook-timestamp` is malformed", status: 400)
        }
        guard abs(seconds - now.seconds) <= Self.skewSecondsMax else {
            throw WebhookRefusal(
                reason: "`webhook-timestamp` is more than \(Self.skewSecondsMax) seconds from "
                    + "this machine's time: check both clocks")
        }
        let content = standardContent(id: id, timestamp: moment, body: body)
        let keys = secrets.compactMap { secret -> [UInt8]? in
            // Because a secret that is no key can prove nothing; the others may.
            (try? SigningKey(secret: secret))?.bytes
        }
        let codes = list.split(separator: " ").prefix(Self.signaturesMax).compactMap { entry in
            entry.hasPrefix("v1,") ? Data(base64Encoded: String(entry.dropFirst(3))) : nil
        }
        guard codes.contains(where: { isKeyedHash(Array($0), of: content, keys: keys) }) else {
            throw wrongSignature("webhook-signature")
        }
    }

    private func wrongSignature(_ header: String) -> WebhookRefusal {
        WebhookRefusal(
            reason: "`\(header)` does not belong to this body and any configured secret: "
                + "set the same secret here and in the webhook's settings")
    }

    private func digits(_ text: String) -> Int64? {
        guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return Int64(text)
    }
}
