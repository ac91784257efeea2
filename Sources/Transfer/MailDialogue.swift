/// The message on its way out, and what the mail server says to it.
final class MailDialogue: TransferListener {
    /// The last reply that is not the farewell: its code of RFC 5321, and the words behind it.
    private(set) var reply: (code: Int, words: String) = (0, "")

    private let message: [UInt8]
    private var sent = 0

    init(_ message: [UInt8]) { self.message = message }

    func hear(body: UnsafeRawBufferPointer) -> Bool { true }

    func hear(line bytes: UnsafeRawBufferPointer) -> Bool {
        let line = unsafe String(decoding: bytes.prefix(1000), as: UTF8.self)
        // 221 answers QUIT, which libcurl says also after a refusal.
        if let code = Int(line.prefix(3)), (200...599).contains(code), code != 221 {
            reply = (code, String(line.dropFirst(4)))
        }
        return true
    }

    func say(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(room.count, message.count - sent)
        unsafe room.copyBytes(from: message[sent..<(sent + count)])
        sent += count
        return count
    }
}
