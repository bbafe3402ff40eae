/** The pages' texts, Vietnamese first. `{name}` is filled in. */
const TEXTS = {
  app_title: ['Điều hành đô thị', 'City operations'],
  log_in: ['Đăng nhập', 'Log in'],
  log_out: ['Đăng xuất', 'Log out'],
  name: ['Tên đăng nhập', 'User name'],
  password: ['Mật khẩu', 'Password'],
  logging_in: ['Đang đăng nhập…', 'Logging in…'],
  log_in_wrong: ['Tên hoặc mật khẩu không đúng. Hãy nhập lại.', 'Wrong name or password. Please try again.'],
  log_in_later: ['Đã thử sai quá nhiều lần. Hãy đợi một lát rồi thử lại.', 'Too many failed attempts. Wait a moment, then try again.'],
  log_in_hint: [
    'Mật khẩu của quản trị viên được in ra một lần, khi máy chủ chạy lần đầu.',
    "The administrator's password is printed once, when the service starts for the first time.",
  ],
  session_over: ['Phiên làm việc đã hết. Hãy đăng nhập lại.', 'Your session is over. Please log in again.'],
  tickets: ['Sự cố', 'Tickets'],
  devices: ['Thiết bị', 'Devices'],
  map: ['Bản đồ', 'Map'],
  search: ['Tìm', 'Search'],
  search_tickets: ['Tìm sự cố, phường, mã đối tượng', 'Search tickets, wards, features'],
  search_devices: ['Tìm thiết bị', 'Search devices'],
  filter_status: ['Trạng thái', 'Status'],
  filter_live: ['Đang xử lý', 'Live'],
  filter_overdue: ['Quá hạn', 'Overdue'],
  filter_resolved: ['Chờ xác nhận', 'To confirm'],
  filter_over: ['Đã xong', 'Over'],
  filter_all: ['Tất cả', 'All'],
  status_open: ['Mới', 'Open'],
  status_assigned: ['Đã giao', 'Assigned'],
  status_in_progress: ['Đang làm', 'In progress'],
  status_resolved: ['Đã xử lý', 'Resolved'],
  status_closed: ['Đã đóng', 'Closed'],
  status_rejected: ['Từ chối', 'Rejected'],
  status_merged: ['Đã gộp', 'Merged'],
  status_withdrawn: ['Đã rút', 'Withdrawn'],
  overdue: ['Quá hạn', 'Overdue'],
  priority: ['Mức ưu tiên', 'Priority'],
  priority_low: ['Thấp', 'Low'],
  priority_normal: ['Thường', 'Normal'],
  priority_high: ['Cao', 'High'],
  priority_urgent: ['Khẩn', 'Urgent'],
  count_live: ['{n} sự cố đang xử lý', '{n} live tickets'],
  count_overdue: ['{n} quá hạn', '{n} overdue'],
  count_shown: ['{n} sự cố', '{n} tickets'],
  count_devices: ['{n} thiết bị', '{n} devices'],
  ticket_arrived: ['Sự cố mới: {title}', 'New ticket: {title}'],
  back: ['Quay lại', 'Back'],
  close: ['Đóng', 'Close'],
  retry: ['Thử lại', 'Try again'],
  place: ['Nơi xảy ra', 'Place'],
  ward: ['Phường, xã', 'Ward'],
  feature: ['Đối tượng', 'Feature'],
  rule: ['Quy tắc', 'Rule'],
  opened: ['Mở lúc', 'Opened'],
  due: ['Hạn', 'Due'],
  updated: ['Cập nhật', 'Updated'],
  resolved: ['Xử lý xong', 'Resolved'],
  witnesses: ['Nhân chứng', 'Witnesses'],
  witness_sensor: ['Cảm biến', 'Sensor'],
  witness_camera: ['Camera', 'Camera'],
  witness_citizen: ['Người dân', 'Citizen'],
  witness_crew: ['Tổ hiện trường', 'Crew'],
  still_firing: ['vẫn đang báo', 'still says so'],
  cleared_at: ['đã hết lúc {time}', 'cleared at {time}'],
  history: ['Diễn biến', 'History'],
  event_opened: ['Mở sự cố', 'Opened'],
  event_witness: ['Thêm nhân chứng', 'A witness more'],
  event_witness_cleared: ['Nhân chứng báo đã hết', 'A witness cleared'],
  event_resolved: ['Đề nghị đã xử lý', 'Resolved, to be confirmed'],
  event_reopened: ['Mở lại', 'Reopened'],
  event_status: ['Đổi trạng thái', 'Status changed'],
  event_assigned: ['Giao việc', 'Assigned'],
  event_priority: ['Đổi mức ưu tiên', 'Priority changed'],
  event_comment: ['Ghi chú', 'Comment'],
  event_photo: ['Thêm ảnh', 'Photo added'],
  acts: ['Xử lý sự cố', 'Handle the ticket'],
  acts_over: ['Sự cố đã kết thúc; vẫn có thể ghi chú và thêm ảnh.', 'The ticket is over; comments and photos may still be added.'],
  move_open: ['Trả về hàng chờ', 'Back to open'],
  move_in_progress: ['Bắt đầu làm', 'Start work'],
  move_resolved: ['Đã xử lý', 'Resolve'],
  move_closed: ['Đóng', 'Close it'],
  move_rejected: ['Từ chối', 'Reject'],
  move_merged: ['Gộp', 'Merge'],
  move_withdrawn: ['Rút lại', 'Withdraw'],
  reason_for: ['Lý do ({move})', 'Reason ({move})'],
  will_move: ['{title}: {status}. Sẽ lưu sau 10 giây.', '{title}: {status}. Saved in 10 seconds.'],
  undo: ['Hoàn tác', 'Undo'],
  cancel: ['Thôi', 'Cancel'],
  assignee: ['Người nhận', 'Assignee'],
  assign: ['Giao việc', 'Assign'],
  assign_me: ['Giao cho tôi', 'Assign to me'],
  assigned_nobody: ['Không giao cho ai', 'To nobody'],
  comment: ['Ghi chú', 'Comment'],
  comment_send: ['Thêm ghi chú', 'Add comment'],
  photos: ['Ảnh', 'Photos'],
  empty_photos: ['Chưa có ảnh.', 'No photos yet.'],
  photo_add: ['Thêm ảnh từ tệp', 'Add a photo from a file'],
  photo_sending: ['Đang gửi ảnh…', 'Sending the photo…'],
  photo_of: ['Ảnh {n}, {time}', 'Photo {n}, {time}'],
  photo_kind: ['Chỉ nhận ảnh JPEG hoặc PNG. Hãy chọn tệp khác.', 'Only JPEG and PNG photos are taken. Choose another file.'],
  photo_large: ['Ảnh lớn hơn 10 MB. Hãy chọn ảnh nhỏ hơn.', 'The photo is larger than 10 MB. Choose a smaller one.'],
  charts: ['Biểu đồ', 'Charts'],
  span: ['Khoảng thời gian', 'Period'],
  span_day: ['Ngày', 'Day'],
  span_week: ['Tuần', 'Week'],
  span_month: ['Tháng', 'Month'],
  span_quarter: ['90 ngày', '90 days'],
  empty_charts: ['Không có số đo nào trong khoảng này.', 'No readings in this period.'],
  chart_summary: ['từ {low} đến {high}, mới nhất {last}', 'from {low} to {high}, newest {last}'],
  chart_limit: ['· giới hạn {limit}', '· limit {limit}'],
  sensors: ['Cảm biến', 'Sensors'],
  empty_sensors: ['Chưa có cảm biến nào ở đây.', 'No sensor watches this.'],
  empty_feature_tickets: ['Chưa có sự cố nào ở đây.', 'No tickets here so far.'],
  accuracy: ['Sai số vị trí', 'Accuracy of place'],
  yes: ['có', 'yes'],
  no: ['không', 'no'],
  layer_wards: ['Phường, xã', 'Ward'],
  layer_zones: ['Khu vực', 'Zone'],
  layer_roads: ['Đường', 'Road'],
  layer_trees: ['Cây', 'Tree'],
  layer_waste_points: ['Điểm rác', 'Waste point'],
  why: ['Vì sao có sự cố này?', 'Why this ticket?'],
  trace: ['Từ sự cố về bản tin gốc', 'From the ticket to the raw frame'],
  trace_reading: ['Số đo', 'Reading'],
  trace_rule: ['Quy tắc đã xét', 'The rule that judged'],
  trace_frame: ['Bản tin gốc', 'Raw frame'],
  trace_no_frame: ['Bản tin gốc không còn được lưu.', 'The raw frame is no longer kept.'],
  trace_silence: ['Không có bản tin: thiết bị đã im lặng.', 'There is no frame: the device fell silent.'],
  received: ['Nhận lúc', 'Received'],
  measured: ['Đo lúc', 'Measured'],
  topic: ['Chủ đề', 'Topic'],
  content_type: ['Kiểu nội dung', 'Content type'],
  bytes: ['{n} byte', '{n} bytes'],
  last_word: ['Tin gần nhất', 'Last word'],
  never_heard: ['chưa có tin nào', 'not a word yet'],
  battery: ['Pin', 'Battery'],
  online: ['Đang kết nối', 'Online'],
  offline_device: ['Mất kết nối', 'Offline'],
  silent: ['Im lặng', 'Silent'],
  profile: ['Loại', 'Profile'],
  bound_to: ['Gắn với', 'Bound to'],
  latest_values: ['Số đo mới nhất', 'Latest values'],
  readings: ['Các số đo gần đây', 'Recent readings'],
  state_now: ['Hiện trạng đối tượng', 'The feature now'],
  value_shown: ['Số đo trên bản đồ', 'Value on the map'],
  legend: ['Chú giải', 'Legend'],
  legend_blind: ['Chưa có số liệu mới', 'No fresh data'],
  legend_tree: ['Cây xanh', 'Trees'],
  legend_waste: ['Điểm rác', 'Waste points'],
  legend_zone: ['Khu vực', 'Zones'],
  legend_road: ['Đường', 'Roads'],
  show_all: ['Xem toàn thành phố', 'Show the whole city'],
  language: ['Ngôn ngữ', 'Language'],
  theme: ['Giao diện', 'Theme'],
  theme_system: ['Theo hệ thống', 'As the system'],
  theme_light: ['Sáng', 'Light'],
  theme_dark: ['Tối', 'Dark'],
  live: ['Trực tiếp', 'Live'],
  connecting: ['Đang kết nối…', 'Connecting…'],
  away: ['Mất kết nối với máy chủ. Đang thử lại; số liệu là của lúc {time}.', 'The server is away. Trying again; what you see is from {time}.'],
  catching_up: ['Đã kết nối lại, đang lấy phần còn thiếu…', 'Connected again, catching up…'],
  loading: ['Đang tải…', 'Loading…'],
  empty_tickets: ['Không có sự cố nào ở đây. Sự cố mới sẽ tự hiện ra.', 'No tickets here. A new one appears by itself.'],
  empty_search: ['Không tìm thấy gì. Hãy bớt chữ hoặc đổi bộ lọc.', 'Nothing found. Use fewer words or another filter.'],
  empty_devices: ['Chưa có thiết bị nào. Hãy đăng ký thiết bị qua API hoặc tệp CSV.', 'No devices yet. Enrol some through the API or a CSV file.'],
  empty_readings: ['Chưa có số đo nào.', 'No readings yet.'],
  failed: ['Không tải được. {detail}', 'Could not be loaded. {detail}'],
  failed_next: ['Hãy thử lại; nếu vẫn lỗi, xem trang /health/ready.', 'Try again; if it keeps failing, look at /health/ready.'],
  offline: ['Không liên lạc được với máy chủ. Sẽ tự tải lại khi có kết nối.', 'The server cannot be reached. This loads by itself when it is back.'],
  forbidden: ['Bạn không có quyền xem phần này. Hãy hỏi quản trị viên.', 'You may not see this. Ask an administrator.'],
  gone: ['Không còn sự cố này.', 'There is no such ticket.'],
  map_failed: [
    'Trình duyệt không vẽ được bản đồ (cần WebGL2). Danh sách vẫn dùng được.',
    'This browser cannot draw the map (it needs WebGL2). The lists work all the same.',
  ],
  keys: ['Phím tắt', 'Keyboard'],
  key_search: ['Tìm', 'Search'],
  key_down: ['Xuống một dòng', 'Down the list'],
  key_up: ['Lên một dòng', 'Up the list'],
  key_enter: ['Mở', 'Open'],
  key_escape: ['Đóng', 'Close'],
  key_trace: ['Xem vì sao có sự cố', 'Why this ticket'],
  key_help: ['Bảng phím tắt', 'This list'],
  more: ['Tải thêm', 'Load more'],
  attribution: [
    'Ranh giới phường xã: dữ liệu thật (thanglequoc/vietnamese-provinces-database, MIT). Cây, điểm rác, đường, cảm biến: tạo ra để trình diễn.',
    'Ward outlines: real (thanglequoc/vietnamese-provinces-database, MIT). Trees, waste points, roads, sensors: generated for the demo.',
  ],
  left: ['còn {time}', '{time} left'],
  late: ['trễ {time}', '{time} late'],
  ago: ['{time} trước', '{time} ago'],
  ahead: ['sau {time}', 'in {time}'],
  now: ['vừa xong', 'just now'],
  days: ['{n} ngày', '{n} d'],
  hours: ['{n} giờ', '{n} h'],
  minutes: ['{n} phút', '{n} min'],
} as const satisfies Record<string, readonly [vi: string, en: string]>;

export type TextKey = keyof typeof TEXTS;
export type Language = 'vi' | 'en';

let language: Language = 'vi';

export function speak(next: Language): void {
  language = next;
  document.documentElement.lang = next;
}

export function spoken(): Language {
  return language;
}

/** A text in the chosen language. */
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  const text: string = TEXTS[key][language === 'vi' ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : String(value);
  });
}

/** Whether there is such a text: for words that come from the service, such as a status. */
export function isText(key: string): key is TextKey {
  return Object.hasOwn(TEXTS, key);
}

/** The text for a word of the service, or the word itself when it is new to this page. */
export function word(prefix: string, value: string): string {
  const key = `${prefix}_${value}`;
  return isText(key) ? t(key) : value;
}

/** What the service says in several languages, in ours. */
export function ours(texts: Partial<Record<string, string>> | undefined, otherwise = ''): string {
  return texts?.[language] ?? texts?.['vi'] ?? texts?.['en'] ?? otherwise;
}

export const ALL_TEXTS: Readonly<Record<string, readonly [string, string]>> = TEXTS;
