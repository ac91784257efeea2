import Domain
import Git
import Host

extension Workshop {
    /// Signs a commit or tag that was just written, and returns the signed one.
    ///
    /// Without a key in `config.json` it is returned as it is. `git verify-tag` and
    /// `git verify-commit` accept it with the bot in their `gpg.ssh.allowedSignersFile`.
    func signed(_ id: ObjectID) async throws -> ObjectID {
        guard let key = configuration.bot.signingKey else { return id }
        let path = key.hasPrefix("/") ? key : "\(folder.path)/\(key)"
        let signature = try await sshSignature(
            over: try await repository.unsigned(id), key: path)
        return try await repository.writeSigned(id, signature: signature)
    }
}

/// Signs bytes in git's namespace by `ssh-keygen -Y sign`.
///
/// Nobody is there to be asked: a key with a passphrase is an error, like one that is not there.
func sshSignature(over bytes: [UInt8], key: String) async throws -> String {
    var environment = ownEnvironment()
    environment["SSH_ASKPASS_REQUIRE"] = "never"
    environment["LC_ALL"] = "C"
    let result = try await ChildProcess.run(
        "ssh-keygen", ["-Y", "sign", "-n", "git", "-f", key], environment: environment,
        input: bytes, outputLimitBytes: 1 << 16, deadlineSeconds: signingSecondsMax)
    guard result.status.isSuccess, result.outputText.hasPrefix("-----BEGIN SSH SIGNATURE-----")
    else {
        let words = result.errorText.split(separator: "\n").last.map(String.init) ?? "no reason"
        throw Failure(
            "the bot's key could not sign: \(words)", at: key,
            hint: "`bot.signingKey` of config.json names an SSH private key without a passphrase "
                + "that the daemon may read", .retry(afterSeconds: 30))
    }
    return result.outputText
}

private let signingSecondsMax = 10.0
