/// Returns the line with which pip says that these requirements can never be met.
///
/// Nil when pip complains of something that may mend itself: an index that cannot be reached
/// looks to pip like an index without packages, so signs of trouble on the way count more than
/// what it concludes at the end. Nil also when pip says nothing that is known here.
///
/// Source: what pip 23.2 prints; it marks what ends an installation with `ERROR:`, `error:` or
/// `×`. Other versions word some of it differently; what is not recognised is tried again.
/// - Parameter output: everything that pip wrote, both streams.
package func pipComplaint(_ output: String) -> String? {
    guard !worldTroubles.contains(where: { output.contains($0) }) else { return nil }
    let lines = output.split(whereSeparator: \.isNewline).map(trimmed)
    for sign in lastWords {
        guard let line = lines.first(where: { isVerdict($0) && $0.contains(sign) }) else {
            continue
        }
        return String(line.prefix(lineCharactersMax))
    }
    return nil
}

/// Signs that the network, the index or this machine is in the way.
private let worldTroubles = [
    "Retrying (Retry(", "Max retries exceeded", "connection broken", "NewConnectionError",
    "ConnectionError(", "ConnectionResetError", "ConnectTimeoutError", "ReadTimeoutError",
    "IncompleteRead", "ProtocolError(", "ProxyError", "SSLError", "SSLCertVerificationError",
    "timed out", "Connection refused", "Connection reset", "Connection aborted",
    "Temporary failure in name resolution", "Name or service not known", "Could not resolve host",
    "Could not fetch URL", "Network is unreachable", "No route to host", "HTTP error 429",
    "HTTP error 5", "Server Error", "No space left on device", "Cannot allocate memory",
    "MemoryError", "Killed",
]

/// What pip says at the end, the most telling first.
private let lastWords = [
    "ERROR: No matching distribution found for", "ERROR: Cannot install ",
    "ERROR: ResolutionImpossible", "ERROR: Invalid requirement: ",
    "ERROR: Could not open requirements file", "is not a valid wheel filename",
    "is not a supported wheel on this platform", "requires a different Python",
    "THESE PACKAGES DO NOT MATCH THE HASHES", "ERROR: In --require-hashes mode",
    "ERROR: Failed building wheel for", "ERROR: Failed to build ", "ERROR: Could not build wheels",
    "Failed to build '", "Getting requirements to build wheel did not run successfully",
    "Preparing metadata (pyproject.toml) did not run successfully",
    "Encountered error while generating package metadata", "error: metadata-generation-failed",
]

/// A sentence for a person, not a report.
private let lineCharactersMax = 300

private func trimmed(_ line: Substring) -> Substring {
    let start = line.drop(while: \.isWhitespace)
    let end = start.lastIndex { !$0.isWhitespace }
    return end.map { start[...$0] } ?? ""
}

private func isVerdict(_ line: Substring) -> Bool {
    ["ERROR:", "error:", "×"].contains { line.hasPrefix($0) }
}
