import Domain

/// Says that `key` is unknown, which key was probably meant, and which ones there are.
///
/// - Parameter synonyms: what others call what is known.
func unknownKey(
    _ key: String, at place: Place, among valid: [String], kind: String = "key",
    meant synonyms: Synonyms = [:]
) -> Diagnostic {
    let meant =
        (synonyms.meant(by: key, among: valid) ?? nearest(to: key, among: valid))
        .map { "; did you mean `\($0)`?" } ?? ""
    return Diagnostic(
        at: place, "unknown \(kind) `\(quoted(key))`\(meant)",
        hint: valid.isEmpty
            ? "add \(kind)s/\(quoted(key)).yaml"
            : "known here: " + valid.sorted().joined(separator: ", "))
}

/// Returns the candidate with the least edit distance, or the only one that begins with the word;
/// nil when none is near enough to be meant.
package func nearest(to word: String, among candidates: [String]) -> String? {
    guard word.utf8.count <= 64 else { return nil }
    let best = candidates.sorted().min { left, right in
        editDistance(word, left) < editDistance(word, right)
    }
    if let best, editDistance(word, best) <= max(1, min(3, best.utf8.count / 3)) { return best }
    let longer = candidates.filter { word.utf8.count >= 3 && $0.hasPrefix(word) }
    return longer.count == 1 ? longer[0] : nil
}

/// Returns how many bytes must be put in, taken out, replaced or swapped with their neighbour to
/// turn one text into the other (optimal string alignment, after Damerau 1964).
func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for index in left.indices {
        var row = [index + 1]
        for column in right.indices {
            let replaced = last[column] + (left[index] == right[column] ? 0 : 1)
            var least = min(replaced, last[column + 1] + 1, row[column] + 1)
            if index > 0, column > 0, left[index] == right[column - 1],
                left[index - 1] == right[column]
            {
                least = min(least, beforeLast[column - 1] + 1)
            }
            row.append(least)
        }
        beforeLast = last
        last = row
    }
    return last[right.count]
}
