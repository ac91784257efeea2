/// Admits one caller at a time for each thing that is fetched, so that none is fetched twice.
///
/// A wait ends because every transfer has a deadline.
actor FetchTurns {
    private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]

    /// Returns when it is the caller's turn, who must `pass` it on.
    func take(_ name: String) async {
        guard waiting[name] != nil else {
            waiting[name] = []
            return
        }
        await withCheckedContinuation { waiting[name, default: []].append($0) }
    }

    /// Hands the turn to whoever has waited longest.
    func pass(_ name: String) {
        guard var line = waiting[name], !line.isEmpty else {
            waiting[name] = nil
            return
        }
        let first = line.removeFirst()
        waiting[name] = line
        first.resume()
    }
}
