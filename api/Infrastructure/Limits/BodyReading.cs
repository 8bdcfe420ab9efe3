using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace WeChatUnion.Api.Infrastructure.Limits;

/// <summary>
/// The body of a request, whose reading ends with the request's time. A reader that was cut off leaves its read open,
/// and the server could not do away with the rest of the body; so this one hands it back.
/// </summary>
internal sealed class BodyReading(PipeReader inner) : PipeReader, IRequestBodyPipeFeature
{
    private ReadResult last;
    private bool isOpen;

    public PipeReader Reader => this;

    public void HandBack()
    {
        if (isOpen)
        {
            AdvanceTo(last.Buffer.Start, last.Buffer.End);
        }
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        last = await inner.ReadAsync(cancellationToken);
        isOpen = true;
        return last;
    }

    public override bool TryRead(out ReadResult result)
    {
        var isRead = inner.TryRead(out result);
        if (isRead)
        {
            (last, isOpen) = (result, true);
        }

        return isRead;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        isOpen = false;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}
