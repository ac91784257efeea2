import Domain
import Host

/// Ends a command that would write a report over a file that is no report of ours, and not empty:
/// the data of a dataset whose manifest has errors is known to no plan.
///
/// - Parameters:
///   - target: an absolute path.
///   - option: what names it.
func refuse(replacing target: String, as option: String) throws(Stop) {
    guard exists(target), !isReplaceable(target) else { return }
    throw Stop(
        .refused, "\(option): \(oneLine(target)) exists, and is no report of slipway",
        hint: "name another place, or remove the file first")
}

/// Whether it is an empty file or a report.
private func isReplaceable(_ path: String) -> Bool {
    guard let size = fileSize(path) else { return false }
    guard size > 0 else { return true }
    // Because a file that cannot be read may be anything.
    guard let head = try? readFile(path, from: 0, limitBytes: 4096) else { return false }
    let found = withoutSpaces(String(decoding: head, as: UTF8.self))
    let heads = [SARIFLog.head, JUnitReport.head, pageHead]
    return heads.contains { found.hasPrefix(withoutSpaces($0)) }
}

/// Six lines, up to the title.
private var pageHead: String {
    let lines = htmlPage(title: "", style: "", body: "").split(separator: "\n")
    return lines.prefix(6).joined()
}

/// Because somebody may have laid a report out anew.
private func withoutSpaces(_ text: String) -> String {
    text.filter { !$0.isWhitespace }
}
