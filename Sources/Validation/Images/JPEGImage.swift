/// Reads a JPEG file whole: every segment, and the codes of every scan.
///
/// Source: ITU-T T.81. Segments behind markers of two bytes; a frame says how the picture is
/// parted into blocks, a scan has the codes of some components. Coefficients are not computed; of
/// progressive pictures which are not zero is kept, because later scans depend on it.
struct JPEGImage {
    private let bytes: ImageBytes
    private(set) var facts: ImageFacts?
    private var frame: JPEGFrame?
    private var tables = JPEGTables()
    private var restartInterval = 0
    private var scans = 0
    private var scanBlocks = 0
    private var at = 2

    init(_ bytes: ImageBytes) { self.bytes = bytes }

    mutating func read() throws(ImageFault) {
        while true {
            let marker = try nextMarker()
            switch marker {
            case 0xD9: return try finish()
            case 0x01, 0xD0...0xD8: continue
            case 0xC4, 0xDB, 0xDD, 0xDA, 0xC0...0xC2: try readSegment(marker)
            case 0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF, 0xDC, 0xDE:
                throw ImageFault(
                    reason: "a frame of a kind that is not read (lossless, hierarchical or "
                        + "arithmetic coding)", offset: at - 2)
            default: try skipSegment()
            }
        }
    }

    /// Whatever stands before a marker is passed over, as all readers do.
    private mutating func nextMarker() throws(ImageFault) -> Int {
        while true {
            while try bytes.byte(at) != 0xFF { at += 1 }
            while try bytes.byte(at) == 0xFF { at += 1 }
            let marker = try bytes.byte(at)
            at += 1
            if marker != 0 { return marker }
        }
    }

    private func segment() throws(ImageFault) -> Range<Int> {
        let length = try bytes.big(at, 2)
        guard length >= 2 else { throw ImageFault(reason: "a segment without length", offset: at) }
        guard length <= bytes.count - at else { throw .cut(bytes.count) }
        return at + 2..<at + length
    }

    private mutating func skipSegment() throws(ImageFault) { at = try segment().upperBound }

    private mutating func readSegment(_ marker: Int) throws(ImageFault) {
        let body = try segment()
        at = body.upperBound
        switch marker {
        case 0xC4: try tables.readCodes(bytes, body)
        case 0xDB: try tables.readQuantities(bytes, body)
        case 0xDD: restartInterval = try bytes.big(body.lowerBound, 2)
        case 0xDA: try readScan(body)
        default:
            guard frame == nil else {
                throw ImageFault(reason: "a second frame", offset: body.lowerBound)
            }
            let found = try JPEGFrame(bytes, body, isProgressive: marker == 0xC2)
            facts = try ImageFacts(
                .jpeg, found.width, found.height, mode: found.mode, at: body.lowerBound)
            frame = found
            frame?.makeRoom()
        }
    }

    private mutating func readScan(_ body: Range<Int>) throws(ImageFault) {
        guard var frame else {
            throw ImageFault(reason: "a scan before the frame", offset: body.lowerBound)
        }
        self.frame = nil
        defer { self.frame = frame }
        let scan = try JPEGScan(bytes, body, frame)
        try count(scan, frame)
        var reader = JPEGReader(bytes, from: at, tables, restartInterval: restartInterval)
        try reader.read(scan, &frame)
        at = reader.position
        for index in scan.components.indices {
            frame.components[scan.components[index].index].isRead = true
        }
    }

    /// A scan of few bytes can go over all blocks of a large picture.
    private mutating func count(_ scan: JPEGScan, _ frame: JPEGFrame) throws(ImageFault) {
        guard !Task.isCancelled else { throw .stopped(scan.offset) }
        scans += 1
        for part in scan.components {
            let component = frame.components[part.index]
            scanBlocks += component.columns * component.rows
        }
        guard scans <= ImageLimits.scansMax, scanBlocks <= ImageLimits.scanBlocksMax else {
            throw ImageFault(
                reason: "\(scans) scans of \(scanBlocks) blocks are too many", offset: scan.offset)
        }
    }

    private func finish() throws(ImageFault) {
        guard let frame, frame.components.allSatisfy(\.isRead) else {
            throw ImageFault(reason: "the picture has no pixels", offset: at)
        }
    }
}

/// How a picture is parted.
struct JPEGFrame {
    struct Component {
        var id: Int
        var across: Int
        var down: Int
        /// Blocks of it that hold pixels.
        var columns = 0
        var rows = 0
        /// Of progressive pictures, which coefficients of each block are not zero, a bit each.
        var nonzero: [UInt64] = []
        var isRead = false
    }

    let width: Int
    let height: Int
    let isProgressive: Bool
    var components: [Component] = []
    private(set) var acrossMax = 1
    private(set) var downMax = 1

    var mode: String { [1: "L", 3: "RGB"][components.count] ?? "CMYK" }
    /// Units of interleaved scans.
    var unitColumns: Int { (width + 8 * acrossMax - 1) / (8 * acrossMax) }
    var unitRows: Int { (height + 8 * downMax - 1) / (8 * downMax) }

    init(
        _ bytes: ImageBytes, _ body: Range<Int>, isProgressive: Bool
    ) throws(ImageFault) {
        let start = body.lowerBound
        self.isProgressive = isProgressive
        height = try bytes.big(start + 1, 2)
        width = try bytes.big(start + 3, 2)
        let count = try bytes.byte(start + 5)
        guard try bytes.byte(start) == 8 else {
            throw ImageFault(reason: "samples of other than 8 bits are not read", offset: start)
        }
        guard [1, 3, 4].contains(count), body.count >= 6 + 3 * count else {
            throw ImageFault(reason: "a frame of \(count) components", offset: start)
        }
        for index in 0..<count {
            let place = start + 6 + 3 * index
            let factors = try bytes.byte(place + 1)
            let (across, down) = (factors >> 4, factors & 15)
            guard (1...4).contains(across), (1...4).contains(down) else {
                throw ImageFault(reason: "a component of no size", offset: place)
            }
            components.append(
                Component(id: try bytes.byte(place), across: across, down: down))
            acrossMax = max(acrossMax, across)
            downMax = max(downMax, down)
        }
        for index in components.indices {
            let one = components[index]
            let wide = (width * one.across + acrossMax - 1) / acrossMax
            let high = (height * one.down + downMax - 1) / downMax
            components[index].columns = (wide + 7) / 8
            components[index].rows = (high + 7) / 8
        }
    }

    /// Once the size is known to be one that is read.
    mutating func makeRoom() {
        guard isProgressive else { return }
        for index in components.indices {
            let count = components[index].columns * components[index].rows
            components[index].nonzero = [UInt64](repeating: 0, count: count)
        }
    }
}

/// What a scan has codes of.
struct JPEGScan {
    struct Component {
        /// In the frame.
        var index: Int
        var dcTable: Int
        var acTable: Int
    }

    var components: [Component] = []
    /// Of progressive pictures: which coefficients, and which bits of them.
    let first: Int
    let last: Int
    let isRefining: Bool
    /// Where it begins.
    let offset: Int

    init(
        _ bytes: ImageBytes, _ body: Range<Int>, _ frame: JPEGFrame
    ) throws(ImageFault) {
        offset = body.lowerBound
        let count = try bytes.byte(offset)
        guard (1...4).contains(count), body.count >= 4 + 2 * count else {
            throw ImageFault(reason: "a scan of \(count) components", offset: offset)
        }
        var blocks = 0
        for index in 0..<count {
            let place = offset + 1 + 2 * index
            let id = try bytes.byte(place)
            let numbers = try bytes.byte(place + 1)
            guard let known = frame.components.firstIndex(where: { $0.id == id }),
                !components.contains(where: { $0.index == known })
            else { throw ImageFault(reason: "a scan of no component", offset: place) }
            blocks += frame.components[known].across * frame.components[known].down
            components.append(
                Component(index: known, dcTable: numbers >> 4 & 3, acTable: numbers & 3))
        }
        guard count == 1 || blocks <= 10 else {
            throw ImageFault(reason: "units of \(blocks) blocks", offset: offset)
        }
        let place = offset + 1 + 2 * count
        let isProgressive = frame.isProgressive
        first = isProgressive ? try bytes.byte(place) : 0
        last = isProgressive ? try bytes.byte(place + 1) : 63
        isRefining = isProgressive ? try bytes.byte(place + 2) >> 4 > 0 : false
        guard first <= last, last <= 63, !isProgressive || first > 0 || last == 0,
            first == 0 || count == 1
        else { throw ImageFault(reason: "a scan of no coefficients", offset: place) }
    }
}
