import Domain
import Testing

@testable import Forges

private let start = Instant(seconds: 1_000_000)

/// Because an expectation cannot change a value.
private final class Box {
    private var memory: DeliveryMemory
    var count: Int { memory.count }

    init(capacity: Int = 10_000, timeToLiveSeconds: Double = 86_400) {
        memory = DeliveryMemory(capacity: capacity, timeToLiveSeconds: timeToLiveSeconds)
    }

    func remember(_ key: DeliveryKey, after seconds: Double = 0) -> Bool {
        memory.remember(key, at: start.advanced(bySeconds: seconds))
    }
}

@Test func `a delivery is new once`() {
    let memory = Box()
    #expect(memory.remember(.id("a")))
    #expect(!memory.remember(.id("a")))
    #expect(!memory.remember(.id("a"), after: 86_399))
    #expect(memory.remember(.id("b")))
    #expect(memory.remember(.id("a"), after: 86_400))
    #expect(!memory.remember(.id("a"), after: 86_401))
}

@Test func `a clock that goes back does not make a repeat new`() {
    let memory = Box()
    #expect(memory.remember(.id("a")))
    #expect(!memory.remember(.id("a"), after: -100_000))
}

@Test func `the memory is bounded and forgets the oldest first`() {
    let memory = Box(capacity: 10)
    for number in 0..<1_000 {
        #expect(memory.remember(.id("\(number)"), after: Double(number)))
        #expect(memory.count <= 10)
    }
    for number in 990..<1_000 { #expect(!memory.remember(.id("\(number)"), after: 1_000)) }
    #expect(memory.remember(.id("989"), after: 1_000))
    #expect(memory.remember(.id("990"), after: 1_000))
}

@Test func `without an id the same body is dropped for a minute`() {
    let hint = WebhookHint(deliveryID: nil, event: "push")
    let key = DeliveryKey(hint, body: [1, 2, 3])
    #expect(key == DeliveryKey(hint, body: [1, 2, 3]))
    #expect(key != DeliveryKey(hint, body: [1, 2, 4]))
    let memory = Box()
    #expect(memory.remember(key))
    #expect(!memory.remember(key, after: 59))
    #expect(memory.remember(key, after: 60))
    #expect(!memory.remember(key, after: 61))
}

@Test(arguments: 0..<10 as Range<UInt64>)
func `the memory agrees with a plain list`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let memory = Box(capacity: 1_000, timeToLiveSeconds: 100)
    var list: [String: Double] = [:]
    var now = 0.0
    for _ in 0..<2_000 {
        now += Double(Int.random(in: 0...10, using: &random))
        let id = "\(Int.random(in: 0..<40, using: &random))"
        let isNew = list[id].map { now - $0 >= 100 } ?? true
        if isNew { list[id] = now }
        #expect(memory.remember(.id(id), after: now) == isNew, "seed \(seed)")
    }
    #expect(memory.count <= 40)
}
