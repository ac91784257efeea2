package import Domain

/// Who may sign what, and when: the file of ssh-keygen(1), ALLOWED SIGNERS.
package struct AllowedSigners: Hashable, Sendable {
    /// One usable line.
    package struct Line: Hashable, Sendable {
        /// Counts from 1.
        package var number: Int
        package var principals: PatternList
        package var key: SSHPublicKey
        /// The key signs certificates, never tags.
        package var isAuthority: Bool
        /// nil: every namespace.
        package var namespaces: PatternList?
        /// The first second at which the key is valid; nil: always was.
        package var validAfter: Instant?
        /// The last second at which the key is valid; nil: for ever.
        package var validBefore: Instant?
    }

    /// Whether a key may speak for a principal.
    package enum Standing: Hashable, Sendable {
        case allowed(line: Int)
        case unknownKey
        /// The key belongs to these principals instead.
        case otherPrincipal([String])
        /// Only a wildcard covers the name, so the key could speak for several people.
        case onlyByPattern(line: Int)
        case namespaceNotAllowed(line: Int)
        case notYetValid(line: Int, from: Instant)
        case expired(line: Int, at: Instant)
    }

    package var lines: [Line]

    package init(lines: [Line] = []) { self.lines = lines }

    /// Returns whether `key` may sign in `namespace` as `principal` at `moment`.
    ///
    /// Any one line that allows it is enough; otherwise the first that comes near says why not.
    package func standing(
        of key: SSHPublicKey, as principal: String, namespace: String = "git", at moment: Instant
    ) -> Standing {
        let own = lines.filter { $0.key == key && !$0.isAuthority }
        guard !own.isEmpty else { return .unknownKey }
        let matching = own.filter { $0.principals.matches(principal) }
        let found = matching.map { standing(on: $0, principal, namespace, moment) }
        let allowed = found.first {
            if case .allowed = $0 { true } else { false }
        }
        return allowed ?? found.first ?? .otherPrincipal(own.flatMap(\.principals.literals))
    }

    private func standing(
        on line: Line, _ principal: String, _ namespace: String, _ moment: Instant
    ) -> Standing {
        if let namespaces = line.namespaces, !namespaces.matches(namespace) {
            return .namespaceNotAllowed(line: line.number)
        }
        if let from = line.validAfter, moment.seconds < from.seconds {
            return .notYetValid(line: line.number, from: from)
        }
        if let last = line.validBefore, moment.seconds > last.seconds {
            return .expired(line: line.number, at: last)
        }
        guard line.principals.names(principal) else { return .onlyByPattern(line: line.number) }
        return .allowed(line: line.number)
    }

    /// Every principal that is named without a wildcard beside a key, in the order of the file.
    package var principals: [Principal] {
        lines.filter { !$0.isAuthority }.flatMap(\.principals.literals).map { Principal($0) }
    }

    /// Returns all names of the person behind `principal`, itself included.
    ///
    /// Names that share a key belong together, however many keys lie between them: otherwise
    /// somebody with two names could approve their own commit, or approve twice.
    package func aliases(of principal: Principal) -> Set<Principal> {
        var names: Set<String> = [principal.text]
        var keys: Set<SSHPublicKey> = []
        let own = lines.filter { !$0.isAuthority }
        var sizeBefore = 0
        while sizeBefore != names.count + keys.count {
            sizeBefore = names.count + keys.count
            for line in own {
                let literals = line.principals.literals
                if keys.contains(line.key) || literals.contains(where: names.contains) {
                    names.formUnion(literals)
                    keys.insert(line.key)
                }
            }
        }
        return Set(names.map { Principal($0) })
    }
}

/// Keys that count no more, whatever the allowed signers say and whenever they signed.
package struct RevokedKeys: Hashable, Sendable {
    /// The keys on the wire.
    package var blobs: Set<[UInt8]>

    package init(blobs: Set<[UInt8]> = []) { self.blobs = blobs }

    package func contains(_ key: SSHPublicKey) -> Bool { blobs.contains(key.blob) }
}

/// What the daemon trusts: from its own config first, later what was approved under that.
package struct Trust: Hashable, Sendable {
    package var signers: AllowedSigners
    package var revoked: RevokedKeys

    package init(signers: AllowedSigners, revoked: RevokedKeys = RevokedKeys()) {
        self.signers = signers
        self.revoked = revoked
    }
}
