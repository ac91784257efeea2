import Crypto
package import Domain
import FoundationEssentials
import Host
import Synchronization

/// Bytes on their way into the store, hashed as they come.
///
/// They appear under their SHA-256 when `keep` finds that they are the right ones, and not
/// before. Whatever is not kept is removed with the arrival.
package final class Arrival: Sendable {
    /// What the bytes must be.
    package enum Expected: Hashable, Sendable {
        case sha256(Domain.Digest)
        /// 32 hexadecimal digits. `ofLines`: or those of the text with LF line ends, as DVC 2
        /// counts.
        case md5(String, ofLines: Bool)
        /// Whatever comes.
        case anything
    }

    /// What was kept.
    package struct Kept: Hashable, Sendable {
        package var digest: Domain.Digest
        package var sizeBytes: Int

        package init(digest: Domain.Digest, sizeBytes: Int) {
            self.digest = digest
            self.sizeBytes = sizeBytes
        }
    }

    /// DVC counts line ends in pieces of this size, and so do we.
    private static let pieceBytes = 1 << 20

    private struct State {
        var sha256 = SHA256()
        var md5 = Insecure.MD5()
        var linesMD5: Insecure.MD5?
        var pending: [UInt8] = []
        var sizeBytes = 0
        var fault: HostError?
    }

    private let store: ArtifactStore
    private let expected: Expected
    private let folder: String
    private let state: Mutex<State>

    init(_ expected: Expected, in store: ArtifactStore) throws(RegistryError) {
        self.store = store
        self.expected = expected
        folder = try onDisk { () throws(HostError) in
            try makeFolder(store.folder + "/tmp")
            return try temporaryFolder(in: store.folder + "/tmp", prefix: "arrival")
        }
        var first = State()
        if case .md5(_, ofLines: true) = expected { first.linesMD5 = Insecure.MD5() }
        state = Mutex(first)
    }

    deinit {
        // Because what is left in `tmp` is removed at the next start all the same.
        try? removeTree(folder)
    }

    private var path: String { folder + "/object" }

    /// Takes the next piece; false when it could not be written, and `fault` says why.
    package func take(_ piece: [UInt8]) -> Bool {
        state.withLock { state in
            state.sizeBytes += piece.count
            state.pending += piece
            while state.pending.count >= Self.pieceBytes, state.fault == nil {
                write(Array(state.pending.prefix(Self.pieceBytes)), &state)
                state.pending.removeFirst(Self.pieceBytes)
            }
            return state.fault == nil
        }
    }

    /// Why a piece was not taken; nil: all were.
    package var fault: RegistryError? {
        state.withLock { $0.fault.map { .host($0) } }
    }

    private func write(_ piece: [UInt8], _ state: inout State) {
        state.sha256.update(data: piece)
        if case .md5 = expected { state.md5.update(data: piece) }
        state.linesMD5?.update(data: withPlainLineEnds(piece))
        do throws(HostError) {
            try appendToFile(path, piece)
        } catch {
            state.fault = error
        }
    }

    /// Gives the bytes their name in the store, if they are those that were expected.
    package func keep() throws(RegistryError) -> Kept {
        let (digest, sizeBytes) = try finished()
        if store.contains(digest) { return Kept(digest: digest, sizeBytes: sizeBytes) }
        try onDisk { () throws(HostError) in
            try setMode(path, 0o444)
            try syncFile(path)
        }
        try store.publish(path, as: digest)
        return Kept(digest: digest, sizeBytes: sizeBytes)
    }

    private func finished() throws(RegistryError) -> (Domain.Digest, Int) {
        let (state, found) = state.withLock { state in
            write(state.pending, &state)
            state.pending = []
            return (state, Domain.Digest(bytes: state.sha256.finalize()))
        }
        if let fault = state.fault { throw .host(fault) }
        switch expected {
        case .anything: break
        case .sha256(let wanted):
            guard found == wanted else {
                throw .notExpected(
                    expected: "SHA-256 \(wanted)", found: found.hex, sizeBytes: state.sizeBytes)
            }
        case .md5(let wanted, _):
            let plain = hex(state.md5.finalize())
            let lines = state.linesMD5.map { hex($0.finalize()) }
            guard plain == wanted || lines == wanted else {
                throw .notExpected(
                    expected: "MD5 \(wanted)", found: plain, sizeBytes: state.sizeBytes)
            }
        }
        return (found, state.sizeBytes)
    }
}

private func hex(_ bytes: Insecure.MD5.Digest) -> String {
    bytes.map { byte in
        let text = String(byte, radix: 16)
        return byte < 16 ? "0" + text : text
    }.joined()
}

/// Every CR LF as LF, where DVC 2 takes the piece for text.
///
/// Source: dvc-data, `hashfile/hash.py` and `hashfile/istextfile.py`.
private func withPlainLineEnds(_ piece: [UInt8]) -> [UInt8] {
    guard piece.contains(13), isText(piece.prefix(512)) else { return piece }
    var plain: [UInt8] = []
    plain.reserveCapacity(piece.count)
    for (index, byte) in piece.enumerated() {
        if byte == 13, index + 1 < piece.count, piece[index + 1] == 10 { continue }
        plain.append(byte)
    }
    return plain
}

/// No NUL, and at most three bytes of ten that are neither printable ASCII nor white space.
private func isText(_ sample: ArraySlice<UInt8>) -> Bool {
    let others = sample.count { !(32...126).contains($0) && ![8, 9, 10, 12, 13].contains($0) }
    return !sample.contains(0) && others * 10 <= sample.count * 3
}
