import Domain
import Testing

@Test func `an instant is written as ISO 8601`() {
    #expect(Instant(seconds: 1_795_227_882).description == "2026-11-21T02:24:42Z")
    #expect(Instant(seconds: -1).description == "1969-12-31T23:59:59Z")
}

@Test(
    arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (4_107_542_399, "2100-02-28T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
        (-11_676_096_000, "1600-01-01T00:00:00Z"), (1_735_689_599, "2024-12-31T23:59:59Z"),
    ] as [(Int64, String)])
func `the calendar knows leap years and centuries`(seconds: Int64, text: String) {
    #expect(Instant(seconds: seconds).description == text)
}

@Test func `seconds are rounded down also before 1970`() {
    #expect(Instant(milliseconds: 1999).seconds == 1)
    #expect(Instant(milliseconds: -1).seconds == -1)
    #expect(Instant(milliseconds: -1000).seconds == -1)
    #expect(Instant(milliseconds: -1001).seconds == -2)
}

@Test func `instants can be moved and compared`() {
    let start = Instant(seconds: 10)
    #expect(start.advanced(bySeconds: 1.5) == Instant(milliseconds: 11_500))
    #expect(start.advanced(bySeconds: 1.5).seconds(since: start) == 1.5)
    #expect(start < start.advanced(bySeconds: 0.001))
}
