/// What is told about a transfer while it runs, on the transfer's own thread.
protocol TransferListener: AnyObject {
    /// Takes a piece of the body; false ends the transfer.
    func hear(body: UnsafeRawBufferPointer) -> Bool
    /// Takes one line of the answer's head or, for mail, one reply; false ends the transfer.
    func hear(line: UnsafeRawBufferPointer) -> Bool
    /// Fills the room with what is to be sent next and returns how much; 0 at the end.
    func say(_ room: UnsafeMutableRawBufferPointer) -> Int
}

/// Finds the listener behind libcurl's pointer and hands it the bytes; other than `count` ends
/// the transfer.
func heard(
    _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, by box: UnsafeMutableRawPointer?,
    _ tell: (any TransferListener, UnsafeRawBufferPointer) -> Bool
) -> Int {
    guard let bytes = unsafe bytes, let listener = unsafe listener(in: box) else { return 0 }
    let isWelcome = unsafe tell(listener, UnsafeRawBufferPointer(start: bytes, count: count))
    return isWelcome ? count : 0
}

/// As `heard`, for what is sent.
func said(
    _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, by box: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes = unsafe bytes, let listener = unsafe listener(in: box) else { return 0 }
    return unsafe listener.say(UnsafeMutableRawBufferPointer(start: bytes, count: count))
}

private func listener(in box: UnsafeMutableRawPointer?) -> (any TransferListener)? {
    guard let box = unsafe box else { return nil }
    return unsafe Unmanaged<AnyObject>.fromOpaque(box).takeUnretainedValue()
        as? any TransferListener
}
