package import Domain

/// The one comment under a pull request that says where a model stands, edited in place.
///
/// Its first line is a mark that does not show, by which it is found again.
package struct StickyComment: Hashable, Sendable {
    package let instance: InstanceName
    package let model: ModelName
    /// What the forge is sent: the mark, then Markdown.
    package let body: String

    /// GitHub takes 65,536 characters, the others more.
    private static let unitsMax = 60_000

    /// `markdown` has at most `markdownUnitsMax` UTF-16 units; it stands there as it is.
    package init(instance: InstanceName, model: ModelName, markdown: String) {
        self.instance = instance
        self.model = model
        body = Self.mark(instance, model) + "\n" + markdown
    }

    /// How many UTF-16 units every forge takes behind the mark.
    package static func markdownUnitsMax(_ instance: InstanceName, _ model: ModelName) -> Int {
        unitsMax - mark(instance, model).utf16.count - 1
    }

    package static func mark(_ instance: InstanceName, _ model: ModelName) -> String {
        "<!-- slipway:\(instance):\(model) -->"
    }

    /// Whether a comment begins with our mark; one that quotes it does not.
    func isMarked(_ comment: ForgeComment) -> Bool {
        comment.body.hasPrefix(Self.mark(instance, model))
    }

    /// Forges change line ends and drop white space at the end.
    func isSaid(by comment: ForgeComment) -> Bool { plain(comment.body) == plain(body) }

    private func plain(_ text: String) -> String {
        var lines = text.utf8.filter { $0 != 13 }
        while let last = lines.last, last == 10 || last == 32 { lines.removeLast() }
        return String(decoding: lines, as: UTF8.self)
    }
}

/// What to do so that a pull request has the comment once.
package enum CommentPlan: Hashable, Sendable {
    /// It is there as wanted.
    case none
    case create
    case edit(Int64)
    /// It was not among the comments read so far: read this page before deciding.
    case readOn(page: Int)
}

/// Returns what to do with the comments read so far, whose pages follow each other from the first.
///
/// A second comment is never made: only a list that was read to its end shows that there is none.
/// With `account`, our own login name, comments by others do not count, whatever their mark.
package func commentPlan(
    existing pages: [AnswerPage<ForgeComment>], wanted: StickyComment, account: String? = nil
) -> CommentPlan {
    let ours = pages.flatMap(\.entries).filter { comment in
        guard wanted.isMarked(comment) else { return false }
        guard let account, let author = comment.author else { return true }
        return author.lowercased() == account.lowercased()
    }
    if let first = ours.min(by: { $0.id < $1.id }) {
        return wanted.isSaid(by: first) ? .none : .edit(first.id)
    }
    guard let last = pages.last else { return .readOn(page: 1) }
    return last.next.map { .readOn(page: $0) } ?? .create
}
