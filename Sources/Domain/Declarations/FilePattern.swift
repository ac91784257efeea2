/// Which files of the repository an entry of `files:` stands for, when it stands for many.
///
/// `*` and `?` stand for characters within a name, `**` for any folders. As in a shell they stand
/// for no dot at the beginning of a name.
package struct FilePattern: Hashable, Sendable {
    /// The folder that all its files are in, at any depth.
    package let folder: String
    private let parts: [[Unicode.Scalar]]

    /// nil: the path has no wildcard and is that of one file.
    package init?(_ path: String) {
        let names = path.split(separator: "/")
        guard let first = names.firstIndex(where: { $0.contains { $0 == "*" || $0 == "?" } })
        else { return nil }
        folder = names[..<first].joined(separator: "/")
        parts = names.map { Array($0.unicodeScalars) }
    }

    package func matches(_ path: String) -> Bool {
        matchesWildcards(
            parts, path.split(separator: "/").map { Array($0.unicodeScalars) }, hidesDots: true)
    }
}

/// Whether the parts of a pattern cover the names of a path.
///
/// Which prefixes of the names the parts so far cover is carried along, so that no pattern takes
/// longer than parts times names.
///
/// - Parameter hidesDots: a wildcard stands for no dot at the beginning of a name.
package func matchesWildcards(
    _ parts: [[Unicode.Scalar]], _ names: [[Unicode.Scalar]], hidesDots: Bool
) -> Bool {
    var reached = [true] + Array(repeating: false, count: names.count)
    for part in parts {
        var next = Array(repeating: false, count: names.count + 1)
        if part == ["*", "*"] {
            var any = false
            for index in reached.indices {
                if hidesDots, index > 0, names[index - 1].first == "." { any = false }
                any = any || reached[index]
                next[index] = any
            }
        } else {
            for (index, name) in names.enumerated() where reached[index] {
                let isHidden = hidesDots && name.first == "." && part.first != "."
                next[index + 1] = !isHidden && matchesWildcards(part, name)
            }
        }
        reached = next
    }
    return reached[names.count]
}

/// `*` and `?` within one name, in time proportional to the product of the lengths.
private func matchesWildcards(_ pattern: [Unicode.Scalar], _ name: [Unicode.Scalar]) -> Bool {
    var reached = [true] + Array(repeating: false, count: name.count)
    for symbol in pattern {
        var next = Array(repeating: false, count: name.count + 1)
        if symbol == "*" {
            var any = false
            for index in reached.indices {
                any = any || reached[index]
                next[index] = any
            }
        } else {
            for (index, scalar) in name.enumerated() where reached[index] {
                next[index + 1] = symbol == "?" || symbol == scalar
            }
        }
        reached = next
    }
    return reached[name.count]
}

extension DatasetFile {
    /// Which files it stands for; nil: for one, or for a folder of DVC.
    package var pattern: FilePattern? { pin == nil && url == nil ? FilePattern(path) : nil }

    /// The folder that its files are in when it stands for many.
    package var folder: String? { pin?.isFolder == true ? path : pattern?.folder }

    /// Tells the paths of its files from others.
    package var holds: @Sendable (String) -> Bool {
        let own = path
        if pin?.isFolder == true { return { $0 == own || $0.hasPrefix(own + "/") } }
        guard let pattern else { return { $0 == own } }
        return { pattern.matches($0) }
    }
}
