using SkiaSharp;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Infrastructure.Files;

/// <summary>
/// An uploaded image, decoded and encoded anew as JPEG: whatever else its file held (place and time of the photo, texts,
/// a second file behind the picture) is gone. It stands upright and its longer side has at most 1600 pixels.
/// </summary>
internal sealed record CleanImage(byte[] Bytes, int Width, int Height)
{
    public const string ContentType = "image/jpeg";
    private const int LongestSide = 1600;
    private const int Quality = 85;

    /// <summary>More is not decoded: a file of a few kilobytes may unfold to gigabytes.</summary>
    private const long MostPixels = 24_000_000;

    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF];

    /// <exception cref="Refusal">Not an image of a known kind, damaged, or too large in pixels.</exception>
    public static CleanImage Of(byte[] upload)
    {
        if (!IsOfKnownKind(upload))
        {
            throw new Refusal(FilesProblems.TypeNotAllowed);
        }

        using var data = SKData.CreateCopy(upload);
        using var codec = SKCodec.Create(data) ?? throw new Refusal(FilesProblems.ImageUnreadable);
        if ((long)codec.Info.Width * codec.Info.Height > MostPixels)
        {
            throw new Refusal(FilesProblems.ImageTooManyPixels);
        }

        using var decoded = Decode(codec);
        return Draw(decoded, codec.EncodedOrigin);
    }

    /// <summary>By the first bytes alone: what the sender calls it is no proof.</summary>
    private static bool IsOfKnownKind(ReadOnlySpan<byte> upload) =>
        upload.StartsWith(Jpeg) || upload.StartsWith(Png)
        || (upload.Length > 12 && upload.StartsWith("RIFF"u8) && upload[8..].StartsWith("WEBP"u8));

    private static SKBitmap Decode(SKCodec codec)
    {
        // Some formats decode smaller at once, which saves the memory of the whole.
        var size = codec.GetScaledDimensions(Math.Min(1f, LongestSide / (float)Math.Max(codec.Info.Width, codec.Info.Height)));
        var bitmap = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul, SKColorSpace.CreateSrgb()));
        if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) == SKCodecResult.Success)
        {
            return bitmap;
        }

        bitmap.Dispose();
        throw new Refusal(FilesProblems.ImageUnreadable);
    }

    private static CleanImage Draw(SKBitmap decoded, SKEncodedOrigin origin)
    {
        var isTurned = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var (width, height) = isTurned ? (decoded.Height, decoded.Width) : (decoded.Width, decoded.Height);
        var scale = Math.Min(1f, LongestSide / (float)Math.Max(width, height));
        var info = new SKImageInfo(
            Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)), SKColorType.Rgba8888, SKAlphaType.Opaque, SKColorSpace.CreateSrgb());
        using var surface = SKSurface.Create(info) ?? throw new Refusal(FilesProblems.ImageUnreadable);
        var canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        canvas.Scale(scale);
        canvas.Concat(Upright(origin, width, height));
        using var picture = SKImage.FromBitmap(decoded);
        canvas.DrawImage(picture, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var drawn = surface.Snapshot();
        using var encoded = drawn.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return new CleanImage(encoded.ToArray(), info.Width, info.Height);
    }

    /// <summary>A phone writes how it was held beside the pixels (EXIF 2.3, tag 274); <paramref name="width"/> and height are those of the upright image.</summary>
    private static SKMatrix Upright(SKEncodedOrigin origin, float width, float height) => origin switch
    {
        SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new SKMatrix(0, -1, width, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, width, -1, 0, height, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, height, 0, 0, 1),
        _ => SKMatrix.Identity,
    };
}
