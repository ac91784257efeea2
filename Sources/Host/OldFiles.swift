package import Domain

/// Removes files below a folder that can be made again: those that were written before a moment,
/// and then the oldest until all of them have no more than `bytesMax` bytes.
///
/// A folder that is not there has none. A file that somebody else removes meanwhile is gone too.
package func removeOldFiles(
    below folder: String, before moment: Instant, bytesMax: Int64
) throws(HostError) {
    guard exists(folder) else { return }
    var found: [(path: String, writtenAt: Int64, sizeBytes: Int64)] = []
    for entry in try walk(folder) where entry.kind == .file {
        guard let stamp = FileStamp("\(folder)/\(entry.path)") else { continue }
        found.append((entry.path, stamp.modifiedAt, stamp.sizeBytes))
    }
    var left = found.reduce(0) { $0 + $1.sizeBytes }
    for file in found.sorted(by: { ($0.writtenAt, $0.path) < ($1.writtenAt, $1.path) }) {
        guard file.writtenAt < moment.milliseconds * 1_000_000 || left > bytesMax else { return }
        try removeTree("\(folder)/\(file.path)")
        left -= file.sizeBytes
    }
}
