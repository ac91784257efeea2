import Crypto
import Domain

extension PolicyComparison {
    /// A key that is on both sides with other names or options counts as weaker, unless only the
    /// time in which it is valid became shorter.
    mutating func compareSigners(_ old: AllowedSigners, _ new: AllowedSigners) {
        let before = Dictionary(grouping: old.lines, by: \.key.blob)
        let after = Dictionary(grouping: new.lines, by: \.key.blob)
        for line in new.lines {
            guard let known = before[line.key.blob] else {
                weaker.append("\(words(line)) added")
                continue
            }
            if known.contains(where: { isSame($0, line) }) { continue }
            let isLess = known.contains { isNarrower(line, than: $0) }
            add("\(words(line)) has another line", isWeaker: !isLess)
        }
        for line in old.lines {
            guard let left = after[line.key.blob] else {
                stricter.append("\(words(line)) removed")
                continue
            }
            let isKept = left.contains { isSame($0, line) || isNarrower($0, than: line) }
            if !isKept { stricter.append("a line of \(words(line)) removed") }
        }
    }

    private func isSame(_ one: AllowedSigners.Line, _ other: AllowedSigners.Line) -> Bool {
        var other = other
        other.number = one.number
        return one == other
    }

    private func isNarrower(_ one: AllowedSigners.Line, than other: AllowedSigners.Line) -> Bool {
        var wide = one
        wide.validAfter = other.validAfter
        wide.validBefore = other.validBefore
        let begins = other.validAfter.map { begin in one.validAfter.map { $0 >= begin } ?? false }
        let ends = other.validBefore.map { end in one.validBefore.map { $0 <= end } ?? false }
        return isSame(wide, other) && begins ?? true && ends ?? true
    }

    private func words(_ line: AllowedSigners.Line) -> String {
        let names = line.principals.texts.map(spelled).joined(separator: ", ")
        let kind = line.isAuthority ? "authority" : "key"
        return "\(kind) of \(names) (\(line.key.fingerprint))"
    }

    mutating func compareRevoked(_ old: RevokedKeys, _ new: RevokedKeys) {
        guard old != new else { return }
        switch (old.unreadable, new.unreadable) {
        case (nil, nil): break
        case (nil, _?): return stricter.append("no key counts: the revoked keys cannot be read")
        case (_?, nil): weaker.append("keys count again: the revoked keys can be read")
        case (_?, _?): return other.append("the revoked keys cannot be read in another way")
        }
        for blob in old.blobs.subtracting(new.blobs).map(fingerprint).sorted() {
            weaker.append("key \(blob) is not revoked any more")
        }
        for blob in new.blobs.subtracting(old.blobs).map(fingerprint).sorted() {
            stricter.append("key \(blob) is revoked")
        }
        let lost = old.hashes.subtracting(new.hashes).count
        if lost > 0 { weaker.append("\(lost) revoked digests of keys removed") }
        let gained = new.hashes.subtracting(old.hashes).count
        if gained > 0 { stricter.append("\(gained) revoked digests of keys added") }
        if old.certificates != new.certificates {
            let isNew = old.certificates.isEmpty
            add("other certificates are revoked", isWeaker: !isNew)
        }
    }

    private func fingerprint(_ blob: [UInt8]) -> String {
        // Because a key of a kind that we do not know can be revoked too.
        if let key = try? SSHPublicKey(blob: blob) { return key.fingerprint }
        return "with SHA-256 \(Domain.Digest(bytes: SHA256.hash(data: blob)).short)"
    }

    mutating func compareGPG(_ old: GPGSigners, _ new: GPGSigners) {
        for (key, principal) in new.principals.sorted(by: { $0.key < $1.key })
        where old.principals[key] != principal {
            weaker.append("GPG key of \(spelled(principal.text)) (\(key)) added")
        }
        for (key, principal) in old.principals.sorted(by: { $0.key < $1.key })
        where new.principals[key] != principal {
            stricter.append("GPG key of \(spelled(principal.text)) (\(key)) removed")
        }
    }

    /// A key that is there can approve and one that is gone cannot. What was taken away counts as
    /// weaker all the same where something of the key is left, because it may have limited it: by
    /// a revocation, or by an earlier end.
    mutating func compareGPGKeys(_ old: [GPGKeyFile], _ new: [GPGKeyFile]) {
        let before = Set(old.map(\.digest))
        let after = Set(new.map(\.digest))
        let gained = new.filter { !before.contains($0.digest) }.sorted { $0.name < $1.name }
        let lost = old.filter { !after.contains($0.digest) }.sorted { $0.name < $1.name }
        let names = (old: Set(lost.map(\.name)), new: Set(gained.map(\.name)))
        for file in gained {
            weaker.append("\(words(file)) \(names.old.contains(file.name) ? "changed" : "added")")
        }
        let left = Set(new.flatMap { $0.fingerprints ?? [] })
        let isSure = new.allSatisfy { $0.fingerprints != nil }
        for file in lost where !names.new.contains(file.name) {
            let isGone = isSure && file.fingerprints.map { left.isDisjoint(with: $0) } ?? false
            add(
                "\(words(file)) removed" + (isGone ? "" : ", and keys in it may still count"),
                isWeaker: !isGone)
        }
    }

    /// The file by its name and, as far as that is known, by the keys in it.
    private func words(_ file: GPGKeyFile) -> String {
        let shownMax = 4
        guard let keys = file.fingerprints else {
            return "GPG key file \(quoted(file.name)) (SHA-256 \(file.digest.short), keys that "
                + "only gpg can read)"
        }
        let more = keys.count > shownMax ? ", and \(keys.count - shownMax) more" : ""
        return "GPG key file \(quoted(file.name)) "
            + "(\(keys.prefix(shownMax).joined(separator: ", "))\(more))"
    }
}
