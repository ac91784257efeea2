package import Domain

extension CodeOwners {
    /// Returns the people of whom some must approve changes of these files.
    ///
    /// Owners are looked up in `review.owners` without regard to case; a mail address that stands
    /// not there is the principal of the same text. An owner without anybody behind it is reported
    /// and brings nobody, so that a line with no other owner cannot be met by anyone.
    package func groups(
        for paths: [String], policy: ReviewPolicy, trust: Trust
    ) -> (groups: [Seen.Group], diagnostics: [Diagnostic]) {
        let book = OwnerBook(policy, trust)
        var groups: [Seen.Group] = []
        var diagnostics: [Diagnostic] = []
        for requirement in requirements(for: paths) {
            var members: Set<Principal> = []
            var ghosts: [String] = []
            for owner in requirement.owners {
                let people = book.people(behind: owner)
                members.formUnion(people)
                guard people.isEmpty else { continue }
                diagnostics.append(unknown(owner, requirement.line))
                ghosts.append(owner)
            }
            let section = requirement.section.map { " [\($0)]" } ?? ""
            var name =
                requirement.owners.isEmpty
                ? "owners in \(file), which cannot be read"
                : "owners of \(requirement.pattern)\(section)"
            if members.isEmpty, !ghosts.isEmpty {
                name += ": nobody stands behind \(listed(ghosts))"
            }
            add(Seen.Group(name: name, members: members, approvals: requirement.approvals), &groups)
        }
        var seen: Set<Diagnostic> = []
        return (groups, diagnostics.filter { seen.insert($0).inserted })
    }

    /// At most three of them, as one phrase.
    private func listed(_ owners: [String]) -> String {
        let shown = owners.prefix(3).map { readable($0) }.joined(separator: ", ")
        return owners.count > 3 ? shown + ", …" : shown
    }

    private func readable(_ owner: String) -> String {
        String(quoted(owner).dropFirst().dropLast())
    }

    /// The same people are asked once, under the names of the first lines.
    private func add(_ group: Seen.Group, _ groups: inout [Seen.Group]) {
        let same = groups.firstIndex {
            $0.members == group.members && $0.approvals == group.approvals
                && !group.members.isEmpty
        }
        guard let same else { return groups.append(group) }
        if groups[same].name.utf8.count < 100 {
            groups[same].name += ", \(group.name.dropFirst("owners of ".count))"
        } else if !groups[same].name.hasSuffix("…") {
            groups[same].name += ", …"
        }
    }

    private func unknown(_ owner: String, _ line: Int) -> Diagnostic {
        let key = owner.hasPrefix("@") ? "\"\(owner)\"" : owner
        return Diagnostic(
            at: Place(file: file, line: line), "nobody is behind the owner \(quoted(owner))",
            hint: "in slipway.yaml: review: {owners: {\(key): [ada@example.org]}}")
    }
}

/// Who is behind roles and owners, with all names that they have.
struct OwnerBook {
    private let roles: [String: [String]]
    private let owners: [String: [String]]
    private let trust: Trust

    init(_ policy: ReviewPolicy, _ trust: Trust) {
        roles = policy.roles
        owners = Dictionary(
            policy.owners.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: +)
        self.trust = trust
    }

    /// Everybody in a role, and in the roles in it; nil: there is no such role.
    func people(in role: String) -> Set<Principal>? {
        roles[role].map { people(named: $0, seen: [role]) }
    }

    /// Everybody for whom an owner of a CODEOWNERS file stands.
    func people(behind owner: String) -> Set<Principal> {
        let key = owner.lowercased()
        if let names = owners[key] { return people(named: names, seen: []) }
        // Because GitLab takes the plural for the same role.
        if key.hasPrefix("@@"), key.hasSuffix("s"), let names = owners[String(key.dropLast())] {
            return people(named: names, seen: [])
        }
        guard !owner.hasPrefix("@"), isKnown(owner) else { return [] }
        return trust.aliases(of: Principal(owner))
    }

    private func isKnown(_ name: String) -> Bool {
        trust.signers.lines.contains { line in
            line.isAuthority ? line.principals.matches(name) : line.principals.names(name)
        } || trust.gpg.principals.values.contains(Principal(name))
    }

    private func people(named names: [String], seen: Set<String>) -> Set<Principal> {
        var people: Set<Principal> = []
        var seen = seen
        var open = names
        while let name = open.popLast() {
            guard name.hasPrefix(Self.rolePrefix) else {
                people.formUnion(trust.aliases(of: Principal(name)))
                continue
            }
            let role = String(name.dropFirst(Self.rolePrefix.count))
            if seen.insert(role).inserted { open += roles[role] ?? [] }
        }
        return people
    }

    /// What stands before the name of a role among principals.
    private static let rolePrefix = "role:"
}
