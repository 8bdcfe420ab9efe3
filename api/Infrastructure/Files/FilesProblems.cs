using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Infrastructure.Files;

internal static class FilesProblems
{
    public static readonly Problem TypeNotAllowed = new(415, "file_type_not_allowed", "请上传 JPG、PNG 或 WebP 格式的图片。");
    public static readonly Problem ImageUnreadable = new(400, "image_unreadable", "图片不完整或已损坏,无法打开,请重新选择一张。");
    public static readonly Problem ImageTooManyPixels = new(400, "image_too_many_pixels", "图片尺寸过大(最多 2400 万像素),请缩小后再上传。");

    public static readonly IReadOnlyList<Problem> All = [TypeNotAllowed, ImageUnreadable, ImageTooManyPixels];
}
