/// What is read at most; what a file says of its sizes is never trusted beyond this.
enum ParquetLimits {
    static let footerBytesMax = 64 << 20
    static let pageHeaderBytesMax = 1 << 20
    /// Of a page without compression.
    static let pageBytesMax = 128 << 20
    /// Of a page as it is stored: no codec makes a page much longer.
    static let storedPageBytesMax = pageBytesMax + pageBytesMax / 8
    /// Of a page while it is unpacked, both forms of it, and all that other columns hold beside it.
    static let besideBytesMax = 144 << 20
    /// Of pages and dictionaries that all columns hold while others are read. What a column has
    /// beyond its share is let go, and read again when its turn comes.
    static let heldBytesMax = 48 << 20
    /// Of elements of the schema, and of row groups.
    static let elementsMax = 100_000
}
