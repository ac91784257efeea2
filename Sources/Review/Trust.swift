package import Domain

/// What the daemon trusts: who signs with which keys, and which keys count no more.
package struct Trust: Hashable, Sendable {
    package let signers: AllowedSigners
    package let revoked: RevokedKeys
    package let gpg: GPGSigners
    private let people: People

    package init(
        signers: AllowedSigners, revoked: RevokedKeys = RevokedKeys(),
        gpg: GPGSigners = GPGSigners()
    ) {
        self.signers = signers
        self.revoked = revoked
        self.gpg = gpg
        people = People(holdings: AllowedSigners.holdings(of: signers.lines) + gpg.holdings)
    }

    /// Returns all names of the person behind `principal`, itself included: names that share an
    /// SSH or a GPG key, through any number of keys.
    package func aliases(of principal: Principal) -> Set<Principal> {
        people.names(of: [principal])
    }

    /// Returns all names of whoever has some of these names or the key.
    func aliases(of names: [Principal], key: [UInt8]) -> Set<Principal> {
        people.names(of: names, key: key)
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.signers == right.signers && left.revoked == right.revoked && left.gpg == right.gpg
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(signers)
        hasher.combine(revoked)
        hasher.combine(gpg)
    }
}
