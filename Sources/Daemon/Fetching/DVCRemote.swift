import Domain
import Registry
import Transfer

/// Where DVC keeps objects: one folder by MD5, in the layout of DVC 3 or of DVC 2.
struct DVCRemote: Sendable {
    private let root: DataURL
    private let isOfLines: Bool
    /// The address that the manifest gives, where it is none of a known layout.
    private let single: DataURL?

    /// `url` is the root of the remote for a folder, and the address of the object for a file.
    init(of pin: DVCPin, at url: DataURL) {
        isOfLines = pin.isOfLines
        guard !pin.isFolder else {
            (root, single) = (url, nil)
            return
        }
        let paths = dvcObjectPaths(md5: pin.md5, isFolder: false, isOfLines: false)
        for path in paths where url.text.hasSuffix("/\(path)") {
            // Because what is left of an address is one, or there is no second place to look.
            guard let root = try? DataURL(String(url.text.dropLast(path.utf8.count))) else {
                break
            }
            (self.root, single) = (root, nil)
            return
        }
        (root, single) = (url, url)
    }

    /// The addresses at which the object may be, the likeliest first.
    func urls(md5: String, isFolder: Bool) throws(TransferError) -> [DataURL] {
        if let single { return [single] }
        var urls: [DataURL] = []
        for path in dvcObjectPaths(md5: md5, isFolder: isFolder, isOfLines: isOfLines) {
            urls.append(try root.appending(path))
        }
        return urls
    }
}
