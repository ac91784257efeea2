package import Domain

/// What a stored folder consists of; the object's bytes are lines, sorted by the bytes of the path:
///
///     100644 <64 hex digits of SHA-256> <size in bytes> <path>\n
///
/// The mode is 100755 for a file that its owner may run. Paths are relative, in UTF-8, with `/`
/// between their parts. Empty folders, times and owners are not kept.
package struct FolderListing: Hashable, Sendable {
    package struct File: Hashable, Sendable {
        package var path: String
        package var digest: Digest
        package var sizeBytes: Int
        package var isExecutable: Bool

        package init(path: String, digest: Digest, sizeBytes: Int, isExecutable: Bool) {
            self.path = path
            self.digest = digest
            self.sizeBytes = sizeBytes
            self.isExecutable = isExecutable
        }
    }

    /// Sorted by the bytes of the path.
    package let files: [File]

    package init(_ files: [File]) {
        files.forEach { precondition(isStorable($0.path), "not a path in a folder: \($0.path)") }
        self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    package var bytes: [UInt8] {
        let lines = files.map { file in
            "\(file.isExecutable ? "100755" : "100644") \(file.digest) \(file.sizeBytes) "
                + "\(file.path)\n"
        }
        return Array(lines.joined().utf8)
    }

    /// Reads the bytes of the object `digest`; anything but the one canonical form is an error.
    init(parsing bytes: [UInt8], of digest: Digest) throws(RegistryError) {
        var files: [File] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let number = files.count + 1
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")),
                let file = Self.file(rest[rest.startIndex..<end]),
                files.last.map({ isBefore($0.path, file.path) }) ?? true
            else { throw .listingMalformed(digest, line: number) }
            files.append(file)
            rest = rest[(end + 1)...]
        }
        self.files = files
    }

    private static func file(_ line: ArraySlice<UInt8>) -> File? {
        let parts = line.split(separator: 32, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let texts = parts.map { String(decoding: $0, as: UTF8.self) }
        guard texts[0] == "100644" || texts[0] == "100755", let digest = Digest(texts[1]),
            let sizeBytes = Int(texts[2]), sizeBytes >= 0, String(sizeBytes) == texts[2],
            Array(texts[3].utf8) == Array(parts[3]), isStorable(texts[3])
        else { return nil }
        return File(
            path: texts[3], digest: digest, sizeBytes: sizeBytes,
            isExecutable: texts[0] == "100755")
    }
}

private func isBefore(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
}

/// Whether a path stays inside its folder and on its line.
func isStorable(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
        && path.unicodeScalars.allSatisfy {
            $0.value >= 32 && $0.value != 127 && $0.value != 0xFFFD
        }
}
