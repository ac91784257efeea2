import Glibc

/// One converter of iconv(3), from the bytes of another encoding to UTF-8.
@safe package final class CharacterCodec {
    /// Why `convert` ended.
    package enum Stop: Sendable {
        /// All was read.
        case done
        /// The bytes end within a character.
        case cut
        /// No character begins with the next byte.
        case invalid
    }

    private let handle: iconv_t
    private var room = [UInt8](repeating: 0, count: 16 << 10)

    /// nil: the C library of this machine does not know the encoding, or lacks its module.
    ///
    /// - Parameter name: as iconv(3) has it.
    package init?(_ name: String) {
        let opened = unsafe iconv_open("UTF-8", name)
        // (iconv_t)-1: it could not be opened.
        guard let opened = unsafe opened, Int(bitPattern: opened) != -1 else { return nil }
        unsafe handle = opened
    }

    deinit { _ = unsafe iconv_close(handle) }

    /// Adds the text of the bytes from `next` on, and moves `next` behind what was read.
    package func convert(_ bytes: [UInt8], _ next: inout Int, to text: inout [UInt8]) -> Stop {
        while next < bytes.count {
            switch step(bytes, &next, &text) {
            case 0: return .done
            case E2BIG: continue
            case EINVAL: return .cut
            default:
                flush(to: &text)
                return .invalid
            }
        }
        return .done
    }

    /// Adds a letter that is held back, because an accent might have followed.
    package func flush(to text: inout [UInt8]) {
        let written = unsafe room.withUnsafeMutableBytes { room in
            var to = unsafe room.baseAddress?.assumingMemoryBound(to: CChar.self)
            var left = room.count
            _ = unsafe iconv(handle, nil, nil, &to, &left)
            return room.count - left
        }
        text += room[..<written]
        _ = unsafe iconv(handle, nil, nil, nil, nil)
    }

    /// One call; returns the error's number, 0 when all was read.
    private func step(_ bytes: [UInt8], _ next: inout Int, _ text: inout [UInt8]) -> Int32 {
        var (bytesLeft, number) = (bytes.count - next, Int32(0))
        let start = next
        let written = unsafe bytes.withUnsafeBytes { bytes in
            unsafe room.withUnsafeMutableBytes { room in
                // iconv takes a pointer to bytes that may change, and changes none of them.
                var from = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
                    .map { unsafe ($0 + start).assumingMemoryBound(to: CChar.self) }
                var to = unsafe room.baseAddress?.assumingMemoryBound(to: CChar.self)
                var roomLeft = room.count
                let result = unsafe iconv(handle, &from, &bytesLeft, &to, &roomLeft)
                if result == -1 { number = errno }
                return room.count - roomLeft
            }
        }
        next = bytes.count - bytesLeft
        text += room[..<written]
        return number
    }
}
