import FoundationEssentials

/// What a folder that DVC keeps consists of: the object that the pin's MD5 names.
///
///     [{"md5": "<32 hex digits>", "relpath": "a/b.csv"}, …]
///
/// Source: dvc-data, `hashfile/tree.py`.
package struct DVCFolder: Hashable, Sendable {
    package struct File: Hashable, Sendable {
        package var path: String
        package var md5: String
    }

    /// More are refused.
    package static let filesMax = 100_000
    /// The longest list that is read.
    package static let bytesMax = 64 << 20

    /// Sorted by the bytes of the path.
    package let files: [File]

    /// Reads the list; a path that leads out of the folder, or is there twice, is refused.
    package init(_ bytes: [UInt8]) throws(RegistryError) {
        let entries: [Entry]
        do {
            entries = try JSONDecoder().decode([Entry].self, from: Data(bytes))
        } catch {
            throw .folderListMalformed(detail: "it is no list of `md5` and `relpath`")
        }
        guard !entries.isEmpty, entries.count <= Self.filesMax else {
            throw .folderListMalformed(
                detail: entries.isEmpty ? "it is empty" : "it has more than \(Self.filesMax) files")
        }
        var paths: Set<String> = []
        for entry in entries {
            guard isInside(entry.relpath), paths.insert(entry.relpath).inserted else {
                throw .folderListMalformed(
                    detail: "`\(shown(entry.relpath))` is no path in it, or is there twice")
            }
            guard isMD5(entry.md5) else {
                throw .folderListMalformed(detail: "`\(shown(entry.relpath))` has no MD5")
            }
        }
        files = entries.map { File(path: $0.relpath, md5: $0.md5) }
            .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        // Because a file cannot be a folder as well.
        for path in paths where foldersAbove(path).contains(where: paths.contains) {
            throw .folderListMalformed(detail: "`\(shown(path))` lies in a file")
        }
    }

    private struct Entry: Decodable {
        var md5: String
        var relpath: String
    }
}

/// Where DVC keeps the object with this MD5 below a remote's root, the likeliest first.
package func dvcObjectPaths(md5: String, isFolder: Bool, isOfLines: Bool) -> [String] {
    precondition(isMD5(md5), "no MD5: \(md5)")
    let old = "\(md5.prefix(2))/\(md5.dropFirst(2))\(isFolder ? ".dir" : "")"
    return isOfLines ? [old, "files/md5/\(old)"] : ["files/md5/\(old)", old]
}

private func isInside(_ path: String) -> Bool {
    !path.isEmpty && path.utf8.count <= 4096
        && !path.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
        && path.split(separator: "/", omittingEmptySubsequences: false)
            .allSatisfy { !["", ".", ".."].contains($0) && $0.utf8.count <= 255 }
}

private func foldersAbove(_ path: String) -> [String] {
    path.indices.filter { path[$0] == "/" }.map { String(path[..<$0]) }
}

private func isMD5(_ text: String) -> Bool {
    text.utf8.count == 32
        && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
}

private func shown(_ text: String) -> String {
    String(text.filter { !$0.isNewline }.prefix(100))
}
