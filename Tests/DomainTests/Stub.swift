import Domain
import Testing

@Test func `an instant is written as ISO 8601`() {
    #expect(Instant(seconds: 1_795_227_882).description == "2026-11-21T02:24:42Z")
    #expect(Instant(seconds: -1).description == "1969-12-31T23:59:59Z")
}
