/// Merges sorted runs: a heap of their next records.
struct RunMerge {
    /// Of all runs together, about.
    private static let bufferBytes = 8 << 20

    private var cursors: [RunCursor] = []
    /// Numbers of cursors, the one with the least record first.
    private var heap: [Int] = []

    init(_ runs: [RecordSorter.Run]) throws(PreparationError) {
        let buffer = max(1 << 12, Self.bufferBytes / max(1, runs.count))
        for run in runs {
            var cursor = RunCursor(run, bufferBytes: buffer)
            guard try cursor.advance() else { continue }
            cursors.append(cursor)
            heap.append(cursors.count - 1)
        }
        for index in heap.indices.reversed() { sink(index) }
    }

    mutating func next() throws(PreparationError) -> [UInt8]? {
        guard let first = heap.first else { return nil }
        let record = Array(cursors[first].record)
        if try !cursors[first].advance() {
            heap[0] = heap[heap.count - 1]
            heap.removeLast()
        }
        if !heap.isEmpty { sink(0) }
        return record
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count {
                if isLess(heap[child], heap[least]) { least = child }
            }
            guard least != index else { return }
            heap.swapAt(index, least)
            index = least
        }
    }

    private func isLess(_ one: Int, _ two: Int) -> Bool {
        isBefore(cursors[one].record, cursors[two].record)
    }
}

/// Where a run is being read.
private struct RunCursor {
    private let run: RecordSorter.Run
    private let bufferBytes: Int
    private var buffer: [UInt8] = []
    private var index = 0
    private var read = 0
    private var length = 0

    /// The record that it stands at; in the buffer, because one record can be long.
    var record: ArraySlice<UInt8> { buffer[index - length..<index] }

    init(_ run: RecordSorter.Run, bufferBytes: Int) {
        self.run = run
        self.bufferBytes = bufferBytes
    }

    /// Moves to the next record; false: there is none.
    mutating func advance() throws(PreparationError) -> Bool {
        if index >= buffer.count, read >= run.bytes { return false }
        // A length has at most ten bytes.
        try fill(min(10, buffer.count - index + run.bytes - read))
        length = buffer.varint(&index)
        try fill(length)
        index += length
        return true
    }

    /// Sees to it that so many bytes are in the buffer.
    private mutating func fill(_ wanted: Int) throws(PreparationError) {
        guard buffer.count - index < wanted else { return }
        buffer.removeFirst(index)
        index = 0
        let more = min(max(bufferBytes, wanted - buffer.count), run.bytes - read)
        let found = try spilling { () throws(SpillFault) in
            try run.file.read(bytes: more, at: run.offset + read)
        }
        buffer.append(contentsOf: found)
        read += more
    }
}
