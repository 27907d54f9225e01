/** Whether a service has our newest key (`domain/signing-key/fetched`): in the console, for developers, and in a letter. */
export const keySet = {
  title: 'Bộ khóa công khai của hệ thống',
  states: {
    public: 'Ứng dụng công khai không có máy chủ riêng gọi đến: lượt gọi đến từ thiết bị của người dân, và chúng tôi không theo dõi các thiết bị ấy.',
    'own-tokens': 'Ứng dụng này chỉ gọi cho chính nó và không nhận ID token, nên không cần bộ khóa của hệ thống để đăng nhập.',
    off: 'Lượt tải bộ khóa (/jwks) do bộ nhớ đệm phía trước trả lời, nên không biết ứng dụng đã tải hay chưa.',
    unrotated: 'Chưa có khóa ký mới nào cần tải.',
    'no-calls': (days: string) => `Chưa biết: trong ${days} ngày qua máy chủ của ứng dụng không gọi đến lần nào.`,
    'not-watched': 'Chưa biết: khóa này được công bố trước khi hệ thống bắt đầu ghi nhận lượt tải.',
  },
  key: {
    planned: (from: string, published: string) => `Khóa bắt đầu ký lúc ${from} đã được công bố lúc ${published}.`,
    staged: (published: string) => `Khóa mới đã được công bố lúc ${published}, chưa định ngày ký.`,
    signs: (published: string) => `Khóa đang ký đã được công bố lúc ${published}.`,
  },
  fetched: (at: string) => `Máy chủ của ứng dụng đã tải bộ khóa sau đó, lần cuối lúc ${at}.`,
  partly: (from: string, of: string) => `Thấy từ ${from} trong ${of} địa chỉ mà máy chủ của ứng dụng gọi đến. Hãy kiểm tra các máy chủ còn lại.`,
  missing: (last: string) => `Máy chủ của ứng dụng chưa tải lại bộ khóa từ lúc đó (lần cuối: ${last}).`,
  missingAlways: 'Chưa lần nào thấy máy chủ của ứng dụng tải bộ khóa.',
  breaks: (from: string) => `Nếu vẫn dùng bộ khóa cũ, ứng dụng sẽ từ chối đăng nhập từ ${from}.`,
  works: 'Nếu người dân vẫn đăng nhập được thì máy chủ tải khóa qua một địa chỉ khác.',
  todo: 'Hãy cho máy chủ tải lại bộ khóa tại địa chỉ jwks_uri (khởi động lại thường là đủ), và đừng ghi sẵn khóa trong mã hay cấu hình.',
  unseen: 'Lượt tải không kèm tên ứng dụng, nên chúng tôi chỉ thấy lượt tải từ cùng địa chỉ mạng với lượt gọi. Lượt tải qua địa chỉ khác thì không thấy. Thư viện tự tải lại khi gặp khóa lạ (kid) thì không gặp lỗi.',
  letter: {
    subject: (client: string) => `Máy chủ của ứng dụng ${client} chưa tải khóa mới`,
    never: 'Chưa lần nào thấy lượt tải từ các địa chỉ ấy.',
    last: (at: string) => `Lần cuối thấy lượt tải: ${at}.`,
    text: ({ client, kid, published, from, seen }: { client: string; kid: string; published: string; from: string; seen: string }) => `Từ ${from}, hệ thống Định danh điện tử ký bằng khóa mới (kid ${kid}). Khóa này đã được công bố lúc ${published}.

Từ các địa chỉ mà máy chủ của ứng dụng ${client} gọi đến, chúng tôi chưa thấy lượt tải bộ khóa công khai (/jwks) nào kể từ lúc công bố. ${seen}

Nếu máy chủ vẫn dùng bộ khóa cũ, ứng dụng sẽ từ chối đăng nhập của người dân từ ${from}.

Việc cần làm trước lúc đó:
1. Cho máy chủ tải lại bộ khóa tại địa chỉ jwks_uri trong cấu hình của hệ thống. Khởi động lại thường là đủ.
2. Bỏ khóa ghi sẵn trong mã hoặc cấu hình, nếu có.

Lượt tải qua một địa chỉ mạng khác thì chúng tôi không thấy. Nếu máy chủ tải qua địa chỉ khác, hoặc tự tải lại khi gặp kid lạ, thì không cần làm gì.

Định danh điện tử`,
  },
}
