import Testing

@testable import Validation

struct KeyOrderTests {
    @Test(arguments: [0, 1, 2, 17, 4096, 9000], [UInt64.max, 0xFFFF_FFFF, 0xFF, 0])
    func `keys come in their order, equal ones as they are told to`(count: Int, mask: UInt64) {
        let keys = (0..<count).map { mixed(UInt64($0)) & mask }
        let expected = keys.enumerated().sorted { left, right in
            left.element != right.element
                ? left.element < right.element : left.offset > right.offset
        }
        #expect(KeyOrder.ascending(keys) { $0 > $1 } == expected.map(\.offset))
    }
}
