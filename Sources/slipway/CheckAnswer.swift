import Crypto
import Domain
import Host
import Planning

/// What `slipway check` says.
struct CheckAnswer: Equatable, Sendable {
    /// To standard output.
    var output: String
    /// To standard error.
    var talk: String
    /// Something fails.
    var isWrong: Bool
}

/// The last answer, which is given again at once as long as nothing has changed.
///
/// It follows from every file of the folder that git would not ignore, from the data of all
/// datasets, be it there or not, and from the program: they are known by their sizes, inodes and
/// times, as git's index knows files.
struct AnswerMemory: Sendable {
    private static let form = "slipway-answer 1"
    private static let kind = "answers"
    private static let bytesMax = 16 << 20

    private let cache: CheckCache
    private let root: String
    private let files: [TreeFile]

    /// nil: there is no folder to remember anything in, or some file was changed a moment ago.
    init?(root: String, _ listing: WorkingTree.Listing) {
        guard let cache = CheckCache(root: root), listing.youngestAt < cache.youngestMax else {
            return nil
        }
        self.cache = cache
        self.root = root
        files = listing.files
    }

    /// The last answer; nil: there is none, or something has changed.
    func recall() -> CheckAnswer? {
        guard let bytes = cache.read(Self.kind, bytesMax: Self.bytesMax) else { return nil }
        let parts = bytes.split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count >= 5, parts[0] == Self.form,
            parts[1] == key(besides: parts.dropFirst(5))
        else { return nil }
        return CheckAnswer(output: parts[3], talk: parts[4], isWrong: parts[2] == "wrong")
    }

    /// Keeps an answer.
    ///
    /// - Parameter paths: the files that it follows from beside those of the folder that git would
    ///   not ignore.
    func keep(_ answer: CheckAnswer, besides paths: Set<String>) {
        let others = paths.subtracting(files.map(\.path)).sorted()
        guard let key = key(besides: others[...]) else { return }
        let parts =
            [Self.form, key, answer.isWrong ? "wrong" : "right", answer.output, answer.talk]
            + others
        // Because a zero byte parts them.
        guard parts.allSatisfy({ !$0.utf8.contains(0) }) else { return }
        let bytes = Array(parts.joined(separator: "\0").utf8)
        if bytes.count <= Self.bytesMax { cache.write(bytes, Self.kind) }
    }

    /// What names everything as it is now; nil: some file was changed a moment ago, or is none.
    private func key(besides others: some Collection<String>) -> String? {
        var hash = SHA256()
        hash.update(data: Array("\(Self.form)\n\(cache.program)\n".utf8))
        for file in files {
            hash.update(data: Array("\(file.path)\0\(file.mode)\0\(file.blob)\0".utf8))
        }
        for path in others {
            let stamp = FileStamp("\(root)/\(path)")
            guard stamp.map(cache.isSettled) ?? !exists("\(root)/\(path)") else { return nil }
            hash.update(data: Array("\(path)\0\(stamp?.text ?? "-")\0".utf8))
        }
        return Domain.Digest(bytes: hash.finalize()).hex
    }
}
