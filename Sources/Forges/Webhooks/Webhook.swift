/// Which forge a webhook's address was given to.
package enum WebhookKind: String, Hashable, Codable, Sendable, CaseIterable {
    case github, gitlab, gitea, bitbucket, generic
}

/// What an authentic webhook says: that it is worth looking at the repository now.
///
/// The body is never read: git says what is true.
package struct WebhookHint: Hashable, Sendable {
    /// The forge's name of this delivery, the same when it is sent again; nil: it gave none.
    package var deliveryID: String?
    /// The forge's word for what happened, for the log alone.
    package var event: String

    package init(deliveryID: String?, event: String) {
        self.deliveryID = deliveryID
        self.event = event
    }
}

/// What becomes of a webhook.
package enum WebhookVerdict: Hashable, Sendable {
    /// It is authentic; whether it is a repeat is asked of the `DeliveryMemory`.
    case accepted(WebhookHint)
    /// It is authentic and only tries the connection.
    case ping
    /// It is not authentic; the reason has the mend, and `status` is the HTTP answer.
    case refused(reason: String, status: Int)
}

/// How many bytes of a webhook are read: GitHub's own limit of 25 MB.
package let webhookBodyBytesMax = 25 << 20

/// Why a webhook is not believed.
struct WebhookRefusal: Error {
    var reason: String
    var status = 401
}
