package import Domain

extension AllowedSigners {
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
        /// No `cert-authority` line has the key that signed the certificate.
        case unknownAuthority
        /// The authority is trusted, and no line of it covers the principal.
        case authorityOfOthers
        case certificate(line: Int, SSHCertificate.Defect)
    }

    /// Returns whether `key` may sign in `namespace` as `principal` at `moment`.
    ///
    /// Any one line that allows it is enough; otherwise the first that comes near says why not.
    package func standing(
        of key: SSHPublicKey, as principal: String, namespace: String = "git", at moment: Instant
    ) -> Standing {
        guard let own = linesOfKey[key.blob] else { return .unknownKey }
        return best(of: own, principal) { line in
            Self.limit(of: line, namespace, moment)
                ?? (line.principals.names(principal)
                    ? .allowed(line: line.number) : .onlyByPattern(line: line.number))
        } ?? .otherPrincipal(own.flatMap(\.principals.literals))
    }

    /// Returns whether the holder of a certificate may sign in `namespace` as `principal`.
    ///
    /// The principal must match the authority's line, where a wildcard is fine, and stand in the
    /// certificate byte for byte. The authority's signature is checked by `SSHSignature.verify`.
    package func standing(
        of certificate: SSHCertificate, as principal: String, namespace: String = "git",
        at moment: Instant, isUserVerified: Bool = false
    ) -> Standing {
        guard let own = linesOfAuthority[certificate.authority.blob] else {
            return .unknownAuthority
        }
        return best(of: own, principal) { line in
            if let limit = Self.limit(of: line, namespace, moment) { return limit }
            let defect = certificate.defect(
                as: principal, at: moment, isUserVerified: isUserVerified)
            return defect.map { .certificate(line: line.number, $0) }
                ?? .allowed(line: line.number)
        } ?? .authorityOfOthers
    }

    private func best(
        of lines: [Line], _ principal: String, _ judge: (Line) -> Standing
    ) -> Standing? {
        var first: Standing?
        for line in lines where line.principals.matches(principal) {
            let standing = judge(line)
            if case .allowed = standing { return standing }
            first = first ?? standing
        }
        return first
    }

    /// What the options of a line forbid.
    private static func limit(
        of line: Line, _ namespace: String, _ moment: Instant
    ) -> Standing? {
        if let namespaces = line.namespaces, !namespaces.matches(namespace) {
            return .namespaceNotAllowed(line: line.number)
        }
        if let from = line.validAfter, moment.seconds < from.seconds {
            return .notYetValid(line: line.number, from: from)
        }
        if let last = line.validBefore, moment.seconds > last.seconds {
            return .expired(line: line.number, at: last)
        }
        return nil
    }
}
