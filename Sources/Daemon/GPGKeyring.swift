import Domain
import Host
import Review

/// Asks `gpg` about signatures, with a keyring that has the trusted public keys and no others.
///
/// Each question gets a home of its own that is gone afterwards: neither the keys nor the options
/// of whoever asks have a say.
struct GPGKeyring: Sendable {
    enum Answer: Sendable {
        case said(GPGAnswer)
        /// gpg ran and there is no verdict about exactly one signature.
        case unclear(ReviewError)
        /// There is no gpg on this machine.
        case absent
    }

    let keys: [GPGKeyFile]
    /// Where homes are made.
    let folder: String
    /// When the tag was seen first: a key that has expired since then was good.
    let moment: Instant

    private static let deadlineSeconds = 30.0
    private static let outputBytesMax = 1 << 20

    /// Throws when gpg could not do its work in time, which says nothing about the signature.
    func ask(_ question: GPGQuestion) async throws(HostError) -> Answer {
        let home = try temporaryFolder(in: folder, prefix: "slipway-gpg")
        let answer: Result<Answer, HostError>
        do throws(HostError) {
            answer = .success(try await ask(question, home))
        } catch {
            if case .executableNotFound = error {
                answer = .success(.absent)
            } else {
                answer = .failure(error)
            }
        }
        try removeTree(home)
        return try answer.get()
    }

    private func ask(_ question: GPGQuestion, _ home: String) async throws(HostError) -> Answer {
        if !keys.isEmpty {
            // Because a key that gpg cannot read is one that it then does not know.
            _ = try await gpg(["--import"], home, input: keys.flatMap { $0.bytes + [10] })
        }
        try writeFileAtomically("\(home)/signature", question.signature)
        try writeFileAtomically("\(home)/signed", question.signed)
        let result = try await gpg(
            ["--status-fd", "1", "--verify", "\(home)/signature", "\(home)/signed"], home)
        do throws(ReviewError) {
            return .said(
                GPGAnswer(to: question, try GPGResult(statusLines: result.outputText)))
        } catch {
            return .unclear(error)
        }
    }

    private func gpg(
        _ arguments: [String], _ home: String, input: [UInt8] = []
    ) async throws(HostError) -> ChildResult {
        let own = ownEnvironment()
        let environment = ["PATH": own["PATH"] ?? "/usr/bin:/bin", "HOME": home, "LC_ALL": "C"]
        let options = [
            "--homedir", home, "--no-options", "--batch", "--no-tty", "--quiet",
            "--no-autostart", "--disable-dirmngr", "--no-auto-key-retrieve",
            "--trust-model", "always", "--faked-system-time", "\(moment.milliseconds / 1000)",
        ]
        return try await ChildProcess.run(
            "gpg", options + arguments, environment: environment, workingFolder: home,
            input: input, outputLimitBytes: Self.outputBytesMax,
            deadlineSeconds: Self.deadlineSeconds)
    }
}
