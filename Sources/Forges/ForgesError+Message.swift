package import Domain

extension ForgesError: CustomStringConvertible {
    /// One line of fact.
    package var description: String { failure.what }

    /// The error as a stage reports it.
    package var failure: Failure {
        switch self {
        case .addressWrong(let address):
            Failure(
                "`\(oneLine(address, max: 100))` is not the address of a forge's API",
                hint: "write it like `https://git.example.com/api/v1`",
                .wait(for: "a changed configuration"))
        case .projectWrong(let project):
            Failure(
                "`\(oneLine(project, max: 100))` is not a project of this forge",
                hint: "write it like `owner/name`", .wait(for: "a changed configuration"))
        case .tokenWrong:
            Failure(
                "the forge's token is empty or has characters that no token has",
                hint: "look for a line break or a quote in the file that holds it",
                .wait(for: "a changed token"))
        case .signingKeyWrong:
            Failure(
                "the webhook's signing key is empty or not base64 after `whsec_`",
                hint: "make one: echo whsec_$(openssl rand -base64 32)",
                .wait(for: "a changed key"))
        case .answerUnreadable(let asked, let detail):
            Failure(
                "the forge's answer about \(asked) cannot be read: \(oneLine(detail, max: 200))",
                hint: "check that the API's address is right and no login page stands before it",
                .retry(afterSeconds: 300))
        case .answerEndless(let asked, let pages):
            Failure(
                "the forge has more than \(pages) pages of \(asked), and no more are read",
                .stalled)
        }
    }
}
