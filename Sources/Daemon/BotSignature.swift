import Domain
import FoundationEssentials
import Git
import Host
import Review

extension Workshop {
    /// Signs a commit or tag that was just written, and returns the signed one.
    ///
    /// Without a key in `config.json` it is returned as it is. `git verify-tag` and
    /// `git verify-commit` accept it with the bot in their `gpg.ssh.allowedSignersFile`.
    func signed(_ id: ObjectID) async throws -> ObjectID {
        guard let path = botKeyPath else { return id }
        let signature = try await sshSignature(
            over: try await repository.unsigned(id), key: path)
        return try await repository.writeSigned(id, signature: signature)
    }

    private var botKeyPath: String? {
        configuration.bot.signingKey.map { $0.hasPrefix("/") ? $0 : "\(folder.path)/\($0)" }
    }

    /// The public half of the bot's key; nil: it has none, or one of a kind that is not verified
    /// here.
    func botKey() async throws -> SSHPublicKey? {
        guard let path = botKeyPath else { return nil }
        let result = try await ChildProcess.run(
            "ssh-keygen", ["-y", "-P", "", "-f", path], outputLimitBytes: 1 << 16,
            deadlineSeconds: signingSecondsMax)
        let words = result.outputText.split(whereSeparator: \.isWhitespace)
        guard result.status.isSuccess, words.count > 1,
            let blob = Data(base64Encoded: String(words[1]))
        else {
            throw Failure(
                "the bot's key cannot be read", at: path,
                hint: "`bot.signingKey` of config.json names an SSH private key without a "
                    + "passphrase that the daemon may read", .retry(afterSeconds: 30))
        }
        // Because a DSA or short RSA key signs for git, and for us it proves nothing.
        return try? SSHPublicKey(blob: [UInt8](blob))
    }

    /// Whether the commit carries a good signature of this very key.
    func isSigned(_ commit: CommitID, by key: SSHPublicKey) async throws -> Bool {
        guard let (signed, block) = splitSignature(try await repository.unsigned(commit)) else {
            return false
        }
        do throws(ReviewError) {
            let signature = try SSHSignature(armoured: block)
            try signature.verify(message: signed)
            return signature.certificate == nil && signature.key == key
        } catch {
            return false
        }
    }
}

/// Returns the bytes of a commit without its header `gpgsig`, and what stands in that; nil: it has
/// none, or several.
private func splitSignature(_ raw: [UInt8]) -> (signed: [UInt8], block: [UInt8])? {
    let (newline, blank) = (UInt8(ascii: "\n"), UInt8(ascii: " "))
    let name = Array("gpgsig ".utf8)
    var (signed, block): ([UInt8], [UInt8]) = ([], [])
    var rest = raw[...]
    var isInside = false
    while let end = rest.firstIndex(of: newline), end > rest.startIndex {
        let line = rest[...end]
        rest = rest[(end + 1)...]
        isInside = isInside && line.first == blank
        if line.starts(with: name) {
            guard block.isEmpty else { return nil }
            isInside = true
            block += line.dropFirst(name.count)
        } else if isInside {
            block += line.dropFirst()
        } else {
            signed += line
        }
    }
    return block.isEmpty ? nil : (signed + rest, block)
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
