/// Who must look at changes of which files: the CODEOWNERS file of GitHub or GitLab.
///
/// Sources: "About code owners" of GitHub's documentation; "Syntax of CODEOWNERS file" and
/// "Advanced CODEOWNERS configuration" of GitLab's.
package struct CodeOwners: Hashable, Sendable {
    package enum Dialect: String, Hashable, Sendable, CaseIterable { case github, gitlab }

    /// One line that gives files their owners, or takes them away.
    struct Entry: Hashable, Sendable {
        /// Counts from 1.
        var line: Int
        /// As written.
        var text: String
        var pattern: CodeOwnersPattern
        var owners: [String]
        var isExclusion = false
        var isOptional = false
        var approvals = 1
    }

    /// Lines that are judged together: the last one that matches decides.
    struct Section: Hashable, Sendable {
        /// nil: the lines before the first heading.
        var name: String?
        var entries: [Entry] = []

        /// As on GitLab, one heading that is not optional makes all of them count.
        var isOptional: Bool { !entries.isEmpty && entries.allSatisfy(\.isOptional) }
    }

    /// Owners of whom some must approve.
    package struct Requirement: Hashable, Sendable {
        /// The heading above the line, on GitLab.
        package var section: String?
        /// As the file has it.
        package var pattern: String
        package var line: Int
        /// As the file has them: `@ada`, `@org/team`, `@@maintainer`, a mail address; never empty,
        /// unless the whole file cannot be read.
        package var owners: [String]
        package var approvals: Int
    }

    package let file: String
    package let dialect: Dialect
    let sections: [Section]
    /// It is too long; then nobody can approve for its owners.
    let isUnreadable: Bool

    /// Where the file may stand, the first one counts: GitHub's three places, then GitLab's own.
    package static let locations = [
        ".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS",
    ]

    /// Longer files are not read, as on GitHub.
    package static let bytesMax = 3 << 20

    /// Returns whose approval changes of these files need, in the order of the file.
    ///
    /// In each section the last line that matches a path decides about it; a line without owners
    /// asks for nobody, and an exclusion takes the path out of its section.
    package func requirements(for paths: [String]) -> [Requirement] {
        guard !isUnreadable else {
            return [Requirement(section: nil, pattern: "*", line: 1, owners: [], approvals: 1)]
        }
        let split = paths.map(CodeOwnersPattern.names)
        return sections.flatMap { section -> [Requirement] in
            guard !section.isOptional else { return [] }
            let exclusions = section.entries.filter(\.isExclusion)
            let entries = section.entries.filter { !$0.isExclusion }
            var needed: Set<Int> = []
            for path in split where !exclusions.contains(where: { $0.pattern.matches(path) }) {
                if let last = entries.lastIndex(where: { $0.pattern.matches(path) }) {
                    needed.insert(last)
                }
            }
            return needed.sorted().map { entries[$0] }.filter { !$0.owners.isEmpty }.map {
                Requirement(
                    section: section.name, pattern: $0.text, line: $0.line, owners: $0.owners,
                    approvals: $0.approvals)
            }
        }
    }
}
