import Domain
import Forges
import Journal
import Logging
import Provenance

// One comment per model under each pull request, edited in place.

extension ForgeReporter {
    /// How often a preview without a pull request is looked at again, after how many seconds.
    private static let searchSeconds: [Double] = [60, 300, 1800, 7200]
    private static let requestPagesMax = 3

    /// Brings one commit's comment up to date; returns whether there was such a commit.
    func sayNext() async throws -> Bool {
        if isResting { return false }
        let now = tools.clock()
        let due = unsaid.filter { comments.searches[$0].map { $0.next <= now } ?? true }
        let newest = due.max { rank($0) < rank($1) }
        guard let subject = newest else { return false }
        do throws(CallError) {
            try await say(subject)
        } catch {
            guard case .refused(let refusal, let code) = error else { throw error }
            // Because a locked or deleted pull request is no reason to stop the statuses.
            tools.logger.warning(
                "no comment about \(subject.model) at \(subject.commit.short): \(refusal.reason)",
                metadata: ["status": "\(code)"])
            tools.counts.addFailedCall()
            unsaid.remove(subject)
        }
        return true
    }

    private func rank(_ subject: Subject) -> (Int, String) {
        (window.first(subject.commit, of: subject.model), "\(subject.commit) \(subject.model)")
    }

    private func say(_ subject: Subject) async throws(CallError) {
        guard let wanted = try await comment(about: subject) else {
            unsaid.remove(subject)
            return
        }
        let digest = sha256(Array(wanted.comment.body.utf8))
        guard comments[subject]?.digest != digest else {
            unsaid.remove(subject)
            return
        }
        let requests = try await openRequests(of: subject.commit)
        if requests.isEmpty, wanted.isPreview, searchAgain(subject, digest) { return }
        var said: [Int] = []
        for request in requests where isOurs(request, subject) {
            if try await put(wanted.comment, under: request) { said.append(request.number) }
        }
        let row = comments.set(
            CommentLedger.Entry(digest: digest, requests: said), for: subject)
        unsaid.remove(subject)
        do throws(JournalError) {
            try await tools.journal.setLedger([row], of: name)
        } catch {
            // Because the comment is there; a later start reads it and finds that it is right.
            tools.logger.critical("the journal cannot be written: \(error)")
        }
    }

    /// Returns what is to be said; nil: nothing, for example about what a newer commit replaced.
    private func comment(
        about subject: Subject
    ) async throws(CallError) -> (comment: StickyComment, isPreview: Bool)? {
        do {
            let text = try await text(about: subject)
            let room = StickyComment.markdownUnitsMax(instance, subject.model)
            guard let markdown = text.markdown(unitsMax: room) else { return nil }
            let comment = StickyComment(
                instance: instance, model: subject.model, markdown: markdown)
            return (comment, text.isPreview)
        } catch {
            throw .pause(failure(of: error), afterSeconds: nil)
        }
    }

    /// A branch may get its pull request after it was measured.
    private func searchAgain(_ subject: Subject, _ digest: Digest) -> Bool {
        let before = comments.searches[subject].flatMap { $0.digest == digest ? $0.count : nil }
        let count = before ?? 0
        guard count < Self.searchSeconds.count else { return false }
        comments.searches[subject] = CommentLedger.Search(
            digest: digest, count: count + 1,
            next: tools.clock().advanced(bySeconds: Self.searchSeconds[count]))
        return true
    }

    private func openRequests(of commit: CommitID) async throws(CallError) -> [PullRequest] {
        var found: [PullRequest] = []
        var page: Int? = 1
        while let number = page, number <= Self.requestPagesMax {
            let answer = try await call(
                pullRequestsRequest(of: commit, page: number, on: line.forge), stopsAt403: false)
            do throws(ForgesError) {
                let read = try pullRequests(
                    of: commit, in: answer.body, page: number, on: line.forge)
                found += read.entries
                page = read.next
            } catch {
                throw .pause(error.failure, afterSeconds: nil)
            }
        }
        return found
    }

    /// The comment is about the newest commit: what an older one would say is passed.
    private func isOurs(_ request: PullRequest, _ subject: Subject) -> Bool {
        let claim = CommentLedger.Claim(request: request.number, model: subject.model)
        let holders = comments.holders(of: claim) + [comments.claims[claim]].compactMap(\.self)
        let mine = window.first(subject.commit, of: subject.model)
        let isNewest = holders.allSatisfy {
            $0 == subject.commit || window.first($0, of: subject.model) <= mine
        }
        guard isNewest || request.head == subject.commit else { return false }
        comments.claims[claim] = subject.commit
        return true
    }

    /// Writes the comment, or edits the one that is there; returns whether it stands now.
    ///
    /// A pull request that is closed gets none, but the one that it has is kept right.
    private func put(
        _ wanted: StickyComment, under request: PullRequest
    ) async throws(CallError) -> Bool {
        let number = request.number
        let account = try await ownName()
        var pages: [AnswerPage<ForgeComment>] = []
        while true {
            switch commentPlan(existing: pages, wanted: wanted, account: account) {
            case .none: return true
            case .readOn(let page): pages.append(try await comments(under: number, page))
            case .create:
                guard request.isOpen else { return false }
                try await call(
                    createComment(wanted, under: number, on: line.forge), stopsAt403: false)
                tools.counts.addComment()
                return true
            case .edit(let id):
                try await call(
                    editComment(id, to: wanted, under: number, on: line.forge), stopsAt403: false)
                tools.counts.addComment()
                return true
            }
        }
    }

    private func comments(
        under number: Int, _ page: Int
    ) async throws(CallError) -> AnswerPage<ForgeComment> {
        let answer = try await call(
            commentsRequest(under: number, page: page, on: line.forge), stopsAt403: false)
        do throws(ForgesError) {
            return try Forges.comments(in: answer.body, page: page, on: line.forge)
        } catch {
            throw .pause(error.failure, afterSeconds: nil)
        }
    }

    /// Tokens of apps may not ask who they are; then the mark alone tells our comment.
    private func ownName() async throws(CallError) -> String? {
        if hasAskedAccount { return account }
        do throws(CallError) {
            let answer = try await call(ownAccountRequest(on: line.forge), stopsAt403: false)
            // Because an account without a readable name is as good as one that may not be asked.
            account = try? ownAccount(in: answer.body)
        } catch {
            guard case .refused = error else { throw error }
        }
        hasAskedAccount = true
        return account
    }
}
