import Domain

/// Says that `key` is unknown, which key was probably meant, and which ones there are.
func unknownKey(
    _ key: String, at place: Place, among valid: [String], kind: String = "key"
) -> Diagnostic {
    let meant = nearest(to: key, among: valid).map { "; did you mean `\($0)`?" } ?? ""
    return Diagnostic(
        at: place, "unknown \(kind) `\(quoted(key))`\(meant)",
        hint: "known here: " + valid.sorted().joined(separator: ", "))
}

/// Returns the candidate with the least edit distance; nil when none is near enough to be meant.
func nearest(to word: String, among candidates: [String]) -> String? {
    guard word.utf8.count <= 64 else { return nil }
    let best = candidates.sorted().min { left, right in
        editDistance(word, left) < editDistance(word, right)
    }
    guard let best, editDistance(word, best) <= max(1, min(3, best.utf8.count / 3)) else {
        return nil
    }
    return best
}

/// Returns how many bytes must be put in, taken out or replaced to turn one text into the other
/// (Levenshtein 1966).
func editDistance(_ left: String, _ right: String) -> Int {
    let right = Array(right.utf8)
    var row = Array(0...right.count)
    for (index, byte) in left.utf8.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for column in row.indices.dropFirst() {
            let replaced = diagonal + (byte == right[column - 1] ? 0 : 1)
            diagonal = row[column]
            row[column] = min(replaced, row[column] + 1, row[column - 1] + 1)
        }
    }
    return row[right.count]
}
