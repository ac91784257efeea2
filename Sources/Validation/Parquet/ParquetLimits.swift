/// What is read at most; what a file says of its sizes is never trusted beyond this.
enum ParquetLimits {
    static let footerBytesMax = 64 << 20
    static let pageHeaderBytesMax = 1 << 20
    /// Of a page without compression.
    static let pageBytesMax = 128 << 20
    /// Of a page as it is stored: no codec makes a page much longer.
    static let storedPageBytesMax = pageBytesMax + pageBytesMax / 8
    /// Of all pages that are held at the same time, one of each column.
    static let pagesBytesMax = 1 << 30
    /// Of elements of the schema, and of row groups.
    static let elementsMax = 100_000
}
