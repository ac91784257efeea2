import Domain

/// Which notices a channel wants.
package struct NoticeFilter: Hashable, Codable, Sendable {
    /// nil: all.
    package var events: Set<NoticeEvent>?
    /// Patterns of model names, in which `*` stands for any text and `?` for one character; one
    /// that begins with `!` excludes. The last that fits decides; empty: all models.
    package var models: [String]

    package init(events: Set<NoticeEvent>? = nil, models: [String] = []) {
        self.events = events
        self.models = models
    }

    /// What is about no single model is wanted whatever the patterns.
    package func wants(_ notice: Notice) -> Bool {
        if let events, !events.contains(notice.event) { return false }
        guard let model = notice.model, let first = models.first else { return true }
        // Because a list that only excludes means all the others.
        var isWanted = first.hasPrefix("!")
        for pattern in models {
            let isExclusion = pattern.hasPrefix("!")
            let glob = Array(pattern.utf8.dropFirst(isExclusion ? 1 : 0))
            if fits(glob, Array(model.text.utf8)) { isWanted = !isExclusion }
        }
        return isWanted
    }
}

/// Returns whether the whole text fits the pattern, in time of at most their lengths' product.
private func fits(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
    var (p, t) = (0, 0)
    var retry: (p: Int, t: Int)?
    while t < text.count {
        if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
            retry = (p + 1, t)
            p += 1
        } else if p < pattern.count, pattern[p] == text[t] || pattern[p] == UInt8(ascii: "?") {
            p += 1
            t += 1
        } else if let last = retry {
            retry = (last.p, last.t + 1)
            (p, t) = (last.p, last.t + 1)
        } else {
            return false
        }
    }
    return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
}
