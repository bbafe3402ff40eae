import { spoken } from '../../shared/texts';

/** The texts of taking files in, Vietnamese first. `{name}` is filled in. */
const TEXTS = {
  file: ['Tệp', 'File'],
  file_hint: [
    'Shapefile (.zip), GeoPackage, GeoJSON, CSV, KML hoặc OSM PBF; tối đa 256 MB.',
    'Shapefile (.zip), GeoPackage, GeoJSON, CSV, KML or OSM PBF; 256 MB at most.',
  ],
  layer: ['Vào lớp', 'Into the layer'],
  crs: ['Hệ tọa độ, nếu tệp không ghi', 'Coordinate system, where the file does not say it'],
  crs_hint: ['Ví dụ EPSG:9213 (VN-2000, 106°30′)', 'Such as EPSG:9213 (VN-2000, 106°30′)'],
  mapping: ['Bảng ghép thuộc tính', 'Mapping of attributes'],
  mapping_none: ['Giữ nguyên tên thuộc tính', 'Keep the names of attributes'],
  more: ['Tùy chọn khác', 'More'],
  id: ['Thuộc tính chứa mã', 'Attribute with the id'],
  map: ['Ghép thêm (height_m=cao, diameter_cm=chuvi:girth)', 'Map more (height_m=height, diameter_cm=girth:girth)'],
  accuracy: ['Sai số vị trí (m)', 'Accuracy of places (m)'],
  source: ['Nguồn', 'Source'],
  surveyed: ['Ngày khảo sát', 'Day of the survey'],
  x: ['Cột kinh độ hoặc hoành độ (CSV)', 'Column of longitude or easting (CSV)'],
  y: ['Cột vĩ độ hoặc tung độ (CSV)', 'Column of latitude or northing (CSV)'],
  wkt: ['Cột WKT (CSV)', 'Column of WKT (CSV)'],
  table: ['Bảng, nếu tệp có nhiều bảng (GeoPackage)', 'Table, of a file with several (GeoPackage)'],
  encoding: ['Bảng mã chữ, nếu tệp không ghi', 'Encoding of texts, where the file does not say it'],
  columns: ['Ghép thuộc tính của tệp', 'Match the attributes of the file'],
  columns_hint: ['Chọn cột của tệp cho từng thuộc tính của lớp, rồi kiểm tra thử lại. Cột không được chọn vẫn giữ tên của nó.', 'Choose a column of the file for each attribute of the layer, then try again. What is not chosen keeps its name.'],
  column_id: ['Mã đối tượng', 'Id of the feature'],
  column_none: ['không có', 'none'],
  column_numbered: ['không: mã của tệp, hoặc đánh số', 'none: the file’s own, or numbers'],
  turned: ['cách đổi số', 'how numbers are turned'],
  turned_not: ['giữ nguyên số', 'numbers as they are'],
  turned_girth: ['từ chu vi', 'from girth'],
  unit_m: ['từ mét', 'from metres'],
  unit_cm: ['từ xentimét', 'from centimetres'],
  unit_mm: ['từ milimét', 'from millimetres'],
  unit_in: ['từ inch', 'from inches'],
  unit_ft: ['từ foot', 'from feet'],
  look: ['Xem trên bản đồ', 'See it on the map'],
  look_coming: ['Xem nơi sẽ nhập trên bản đồ', 'See on the map where they would be'],
  look_taken: ['Xem trên bản đồ', 'See them on the map'],
  accept_valid: ['Nhập các đối tượng hợp lệ dù có đối tượng bị từ chối', 'Take those that can be, though others cannot'],
  try: ['Kiểm tra thử', 'Try it'],
  take: ['Nhập vào lớp', 'Take it in'],
  sending: ['Đang gửi…', 'Sending…'],
  reading: ['Đang đọc và kiểm tra…', 'Reading and checking…'],
  stop: ['Dừng', 'Stop'],
  could: ['Có thể nhập {n} đối tượng, từ chối {refused}.', 'Can be taken: {n}. Refused: {refused}.'],
  accept_hint: ['Để nhập các đối tượng hợp lệ: đánh dấu “{choice}” rồi kiểm tra thử lại. Hoặc sửa tệp và chọn lại.', 'To take those that can be, tick “{choice}” and try again. Or mend the file and choose it again.'],
  taken: ['Đã nhập {n} đối tượng, từ chối {refused}.', 'Taken: {n}. Refused: {refused}.'],
  nothing: ['Chưa nhập gì: {refused} đối tượng không hợp lệ.', 'Nothing was taken: {refused} features cannot be.'],
  numbered: [
    'Tệp không có mã: đối tượng được đánh số. Hãy chọn thuộc tính chứa mã để lần sau nhập lại được.',
    'The file has no ids: features are numbered. Name the attribute with the id, so that it can be taken in again.',
  ],
  duplicates: ['{n} cây có thể đã có hoặc bị trùng', '{n} trees may be there already or come twice'],
  duplicate_standing: ['{id} có thể là {other} trong lớp, cách {m} m', '{id} may be {other} of the layer, {m} m apart'],
  duplicate_coming: ['{id} có thể là {other} trong tệp, cách {m} m', '{id} may be {other} of the file, {m} m apart'],
  refused: ['Bị từ chối', 'Refused'],
  shown_first: ['{n} mục đầu được liệt kê; tải về để xem tất cả.', 'The first {n} are listed; download to see all.'],
  draw: ['Vẽ lên bản đồ', 'Draw on the map'],
  download: ['Tải về (GeoJSON)', 'Download (GeoJSON)'],
  choose_file: ['Hãy chọn tệp.', 'Choose a file.'],
  too_large: ['Tệp lớn hơn 256 MB. Hãy chia nhỏ.', 'The file is over 256 MB. Split it.'],
  forbidden: ['Chỉ quản trị viên được nhập lớp.', 'Only administrators may take layers in.'],
  logged_out: ['Phiên làm việc đã hết. Hãy đăng nhập lại.', 'Your session is over. Log in again.'],
  offline: ['Không kết nối được máy chủ. Hãy thử lại.', 'The service cannot be reached. Try again.'],
  stopped: ['Đã dừng; chưa nhập gì.', 'Stopped; nothing was taken.'],
  lists_failed: ['Không tải được danh sách lớp.', 'The list of layers cannot be loaded.'],
  again: ['Thử lại', 'Try again'],
} as const;

/** What is wrong with a feature and what to do, by the service's code. English comes from the service itself. */
const CAUSES: Readonly<Record<string, readonly [string, string]>> = {
  not_json: ['Tệp hỏng hoặc bị cắt', 'Hãy xuất lại tệp.'],
  not_geojson: ['Không phải GeoJSON', 'Hãy gửi một FeatureCollection theo RFC 7946.'],
  foreign_crs: ['Hệ tọa độ lạ', 'Hãy chuyển về WGS 84 (EPSG:4326), hoặc dùng Shapefile hay GeoPackage.'],
  too_many_features: ['Quá nhiều đối tượng', 'Hãy chia tệp thành nhiều lớp.'],
  no_id: ['Thiếu mã', 'Cho mỗi đối tượng một mã riêng, hoặc chọn thuộc tính chứa mã.'],
  bad_id: ['Mã không hợp lệ', 'Dùng mã dài từ 1 đến 200 ký tự.'],
  duplicate_id: ['Trùng mã', 'Cho mỗi đối tượng một mã riêng; đối tượng đầu đã được lấy.'],
  no_geometry: ['Thiếu hình dạng', 'Hãy vẽ hình dạng, hoặc xóa đối tượng.'],
  unknown_geometry: ['Kiểu hình dạng lạ', 'Dùng Point, LineString, Polygon, dạng Multi của chúng hoặc GeometryCollection.'],
  bad_geometry: ['Hình dạng hỏng', 'Hãy xuất lại hoặc vẽ lại đối tượng.'],
  wrong_kind: ['Sai kiểu hình dạng của lớp', 'Hãy tách điểm, đường và vùng vào các lớp riêng.'],
  bad_coordinates: ['Tọa độ không phải là số', 'Ghi mỗi vị trí là hai hoặc ba số: kinh độ, vĩ độ.'],
  out_of_range: ['Tọa độ ngoài phạm vi', 'Hãy chọn đúng hệ tọa độ của tệp.'],
  swapped_axes: ['Đảo kinh độ và vĩ độ', 'Hãy đổi chỗ: kinh độ hoặc hướng đông trước, vĩ độ hoặc hướng bắc sau.'],
  too_few_points: ['Quá ít điểm', 'Đường cần ít nhất hai điểm khác nhau, vòng cần bốn vị trí.'],
  invalid_ring: ['Vòng chưa khép kín', 'Điểm cuối phải trùng điểm đầu.'],
  invalid_polygon: ['Vùng không hợp lệ', 'Hãy sửa hình, chẳng hạn bằng “Fix geometries” trong QGIS.'],
  too_many_vertices: ['Quá nhiều đỉnh', 'Hãy đơn giản hóa hoặc chia nhỏ đối tượng.'],
  outside_area: ['Nằm ngoài khu vực quản lý', 'Hãy kiểm tra hệ tọa độ: đối tượng ở quá xa.'],
  missing_attribute: ['Thiếu thuộc tính bắt buộc', 'Hãy điền thuộc tính, hoặc ghép thuộc tính khác vào.'],
  bad_properties: ['Thuộc tính không hợp lệ', 'Hãy sửa giá trị của thuộc tính.'],
};

export type ImportTextKey = keyof typeof TEXTS;

export const IMPORT_TEXTS: Readonly<Record<string, readonly [string, string]>> = TEXTS;

export function say(key: ImportTextKey, values: Record<string, string | number> = {}): string {
  const text: string = TEXTS[key][spoken() === 'vi' ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Which feature it is, as the service names it in English. */
export function which(reference: string): string {
  if (spoken() !== 'vi') {
    return reference;
  }
  return reference === 'the file' ? 'Cả tệp' : reference.replace(/^feature /, 'Đối tượng ').replace('(id ', '(mã ').replace('(line ', '(dòng ');
}

/** A refusal in the language of the page: cause, what was found, and what to do. */
export function refusal(code: string, detail: string, remedy: string): { cause: string; detail: string; remedy: string } {
  const vietnamese = spoken() === 'vi' ? CAUSES[code] : undefined;
  return { cause: vietnamese?.[0] ?? code.replaceAll('_', ' '), detail, remedy: vietnamese?.[1] ?? remedy };
}
