import ArgumentParser
import Domain
import Review

/// What approving and rejecting have in common.
struct ReviewOptions: ParsableArguments {
    @Argument(help: "The model; or `policy`, for a change of who may decide.")
    var subject: ReviewSubject

    @Option(help: ArgumentHelp("Only if this is still the evidence.", valueName: "id"))
    var evidence: String?

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Who you are in allowed_signers; else git's slipway.reviewer, else user.email.",
            valueName: "principal"))
    var principal: String?

    @Option(help: "The remote that is watched.")
    var remote = "origin"

    @Option(help: ArgumentHelp("How long to wait for the decision.", valueName: "seconds"))
    var wait = Seconds(30)

    @OptionGroup var daemon: DaemonOptions

    func validate() throws {
        guard (0...3600).contains(wait.value) else {
            throw ValidationError("--wait must be from 0 to 3600 seconds.")
        }
        if let evidence, EvidenceID(evidence) == nil {
            throw ValidationError("--evidence is 16 digits; `slipway report` shows it.")
        }
    }

    func review(_ kind: Approval.Kind, comment: String) async throws {
        switch subject {
        case .model(let model):
            try await Reviewing(self, model, kind, comment: comment).run()
        case .policy: try await PolicyReviewing(self, kind, comment: comment).run()
        }
    }
}

struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Sign and push your approval of what was measured.",
        discussion: """
            Prints the report, makes the signed tag approve/<model>/<evidence>/<reviewer> in this \
            clone, pushes it, and waits for what the daemon makes of it. git signs with the key of \
            `git config user.signingkey`; a key with a passphrase must be in your ssh-agent. \
            `approve policy` is about a change of who may decide, and needs no daemon.

            Example:
              git config user.signingkey ~/.ssh/id_ed25519.pub
              slipway approve digits -m 'Recall of class 8 is up.'
              slipway approve policy -m 'Bob joins the reviewers.'
            """)

    @OptionGroup var review: ReviewOptions

    @Option(name: .shortAndLong, help: "A comment for the record.")
    var message = ""

    func run() async throws { try await review.review(.approve, comment: message) }
}

struct RejectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject",
        abstract: "Sign and push your no to what was measured.",
        discussion: """
            One rejection by anybody who is trusted ends the review of this evidence.

            Example:
              slipway reject digits -m 'The test set has duplicates of the training set.'
              slipway reject policy -m 'One approval is not enough for production.'
            """)

    @OptionGroup var review: ReviewOptions

    @Option(name: .shortAndLong, help: "Why.")
    var message: String

    func run() async throws {
        guard message.contains(where: { !$0.isWhitespace }) else {
            throw ValidationError("--message must say why.")
        }
        try await review.review(.reject, comment: message)
    }
}
