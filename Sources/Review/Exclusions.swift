package import Domain

/// The people behind one commit, by their mail addresses.
package struct CommitPeople: Hashable, Sendable {
    package var author: String
    package var committer: String
    package var coAuthors: [String]

    package init(author: String, committer: String, coAuthors: [String] = []) {
        self.author = author
        self.committer = committer
        self.coAuthors = coAuthors
    }

    /// The mail addresses that the commit gives.
    package var addresses: [String] { ([author, committer] + coAuthors).filter { !$0.isEmpty } }
}

/// Returns who may not approve because they made the changes.
///
/// An address stands for the principal of the same text, upper and lower case alike, and for all
/// names of that person. Every address is excluded itself too, because a certificate may name a
/// principal that no file does. `unmapped` are the addresses that no principal has, sorted.
package func exclusions(
    of people: [CommitPeople], rule: ReviewRule, signers: AllowedSigners
) -> (excluded: Set<Principal>, unmapped: [String]) {
    exclusions(of: people, rule: rule, trust: Trust(signers: signers))
}

/// Returns the same where GPG keys count too.
package func exclusions(
    of people: [CommitPeople], rule: ReviewRule, trust: Trust
) -> (excluded: Set<Principal>, unmapped: [String]) {
    var emails: Set<String> = []
    for commit in people {
        if rule.exclude.contains(.author) { emails.insert(commit.author) }
        if rule.exclude.contains(.committer) { emails.insert(commit.committer) }
        if rule.exclude.contains(.coAuthors) { emails.formUnion(commit.coAuthors) }
    }
    let principals = trust.signers.principals + trust.gpg.principals.values
    let known = Dictionary(grouping: principals) { $0.text.lowercased() }
    var excluded: Set<Principal> = []
    var unmapped: [String] = []
    for email in emails.sorted() {
        let owners = known[email.lowercased()] ?? []
        if owners.isEmpty { unmapped.append(email) }
        excluded.insert(Principal(email))
        for principal in owners { excluded.formUnion(trust.aliases(of: principal)) }
    }
    return (excluded, unmapped)
}
