extension WebhookDelivery {
    /// What the headers say of an authentic request.
    var hint: WebhookHint {
        let event = first(eventHeaders).flatMap { visible($0, max: 64) }
        return WebhookHint(
            deliveryID: first(idHeaders).flatMap { visible($0, max: 128) },
            event: event ?? "unknown")
    }

    /// GitHub's and Bitbucket Server's try of the connection; the others try with a true event.
    var isPing: Bool {
        switch kind {
        case .github, .gitea: hint.event == "ping"
        case .bitbucket: hint.event == "diagnostics:ping"
        case .gitlab, .generic: false
        }
    }

    private var eventHeaders: [String] {
        switch kind {
        case .github: ["x-github-event"]
        case .gitlab: ["x-gitlab-event"]
        case .gitea: ["x-forgejo-event", "x-gitea-event", "x-gogs-event", "x-github-event"]
        case .bitbucket: ["x-event-key"]
        case .generic: ["x-event"]
        }
    }

    /// `X-Gitlab-Event-UUID` is not among them: hooks that set off hooks share it. Nor is
    /// `X-Hook-UUID`, which names the webhook and not the delivery.
    private var idHeaders: [String] {
        switch kind {
        case .github: ["x-github-delivery"]
        case .gitlab: ["webhook-id", "idempotency-key"]
        case .gitea: ["x-forgejo-delivery", "x-gitea-delivery", "x-gogs-delivery"]
        case .bitbucket: ["x-request-uuid", "x-request-id"]
        case .generic: ["webhook-id", "idempotency-key", "x-request-id"]
        }
    }

    private func first(_ names: [String]) -> String? { names.lazy.compactMap { headers[$0] }.first }

    /// The text when it is short and only of visible ASCII; nil otherwise.
    private func visible(_ text: String, max limit: Int) -> String? {
        let isPlain = text.utf8.allSatisfy { (32...126).contains($0) }
        return !text.isEmpty && text.utf8.count <= limit && isPlain ? text : nil
    }
}
